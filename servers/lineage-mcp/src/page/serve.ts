import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Logger } from "@mcp-data/core";
import { pageHeaders, tokensCss } from "@mcp-data/page";
import { packageRoot } from "../package-root.ts";
import { notebookGraph } from "../resources/index.ts";
import type { Services } from "../services.ts";
import { pageHtml } from "./html.ts";

export interface Page {
  readonly url: string;
  close(): Promise<void>;
}

/** The local page: loopback only, read-only, no values of data. */
export async function servePage(services: Pick<Services, "memory">, logger: Logger, port = 0): Promise<Page> {
  const streams = new Set<ServerResponse>();
  const stop = services.memory.onChange((notebooks) => {
    for (const stream of streams) stream.write(`data: ${JSON.stringify(notebooks)}\n\n`);
  });
  const server = createServer((request, response) => {
    answer(services, streams, request, response).catch((err) => {
      logger.debug("the page was not answered", { err });
      if (!response.headersSent) response.writeHead(503, { "content-type": "application/json" });
      response.end('{"error":"not available"}');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}/`,
    async close() {
      stop();
      for (const stream of streams) stream.end();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(
  services: Pick<Services, "memory">,
  streams: Set<ServerResponse>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  if (host !== "127.0.0.1" && host !== "localhost")
    return send(response, 403, "text/plain", "this host name is not served");
  if (request.method !== "GET" && request.method !== "HEAD")
    return send(response, 405, "text/plain", "only GET");
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  if (url.pathname === "/") return send(response, 200, "text/html", pageHtml);
  const script = /^\/(page|graph|draw|detail)\.js$/.exec(url.pathname)?.[1];
  if (script !== undefined) return send(response, 200, "text/javascript", asset(`${script}.js`));
  if (url.pathname === "/page.css") return send(response, 200, "text/css", tokensCss + asset("page.css"));
  if (url.pathname === "/events") {
    response.writeHead(200, pageHeaders("text/event-stream"));
    response.write(": hello\n\n");
    streams.add(response);
    request.once("close", () => streams.delete(response));
    return;
  }
  if (url.pathname === "/notebooks") {
    const rows = await services.memory.rows(
      "SELECT notebook_hash AS hash, any_value(notebook_path) AS path, max(started_at) AS latest FROM sessions GROUP BY 1 ORDER BY latest DESC LIMIT 100",
    );
    return send(response, 200, "application/json", JSON.stringify(rows));
  }
  const graph = /^\/graph\/([a-f0-9]{8})$/.exec(url.pathname);
  if (graph?.[1] !== undefined)
    return send(response, 200, "application/json", JSON.stringify(await notebookGraph(services, graph[1])));
  const runs = /^\/runs\/([a-f0-9]{8})$/.exec(url.pathname);
  if (runs?.[1] !== undefined) {
    const rows = await services.memory.rows(
      "SELECT cell_id, cell_name, status, started_at, duration_ms, error_type, error_message FROM cell_runs WHERE notebook_hash = $1 AND ($2 = '' OR cell_id = $2) ORDER BY started_at DESC LIMIT 50",
      [runs[1], url.searchParams.get("cell") ?? ""],
    );
    return send(response, 200, "application/json", JSON.stringify(rows));
  }
  return send(response, 404, "text/plain", "not here");
}

function asset(name: string): string {
  return readFileSync(join(packageRoot(), "page", name), "utf8");
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, pageHeaders(type));
  response.end(body);
}
