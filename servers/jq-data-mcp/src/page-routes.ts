import { asToolError, type Caller, missingScopes, ToolError } from "@mcp-data/core";
import type { AppEnv, HttpApp, Upgrade } from "@mcp-data/core/http";
import { liveFeedJs, pageHeaders, tokensCss, virtualTableJs } from "@mcp-data/page";
import type { Context, Hono } from "hono";
import { WebSocketServer } from "ws";
import { libraryData, proposalData } from "./page/data.ts";
import { pageHtml } from "./page/html.ts";
import { createPageLimit } from "./page/limit.ts";
import { pageJs } from "./page/script.ts";
import { pageCss } from "./page/style.ts";
import type { Services } from "./services.ts";

const maxBehindBytes = 1_000_000;
const statuses: Readonly<Record<string, 403 | 404 | 429 | 500>> = {
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  RATE_LIMITED: 429,
  INTERNAL_ERROR: 500,
};
/** The page itself is open to whoever reaches the server; what it shows needs a credential like every call. */
export function pageRoutes(services: Services) {
  const admit = createPageLimit();
  return (
    app: Hono<AppEnv>,
    requirePrincipal: HttpApp["requirePrincipal"],
    caller: Caller<Services>,
  ): void => {
    const asset = (path: string, type: string, text: string) =>
      app.get(path, () => new Response(text, { headers: pageHeaders(type) }));
    asset("/ui", "text/html", pageHtml);
    asset("/ui/page.css", "text/css", tokensCss + pageCss);
    asset("/ui/page.js", "text/javascript", pageJs);
    asset("/ui/live-feed.js", "text/javascript", liveFeedJs);
    asset("/ui/virtual-table.js", "text/javascript", virtualTableJs);

    const answer =
      (work: (c: Context<AppEnv>) => unknown | Promise<unknown>, scope = "data:read") =>
      async (c: Context<AppEnv>) => {
        try {
          admit(c.get("principal").id);
          if (missingScopes(c.get("principal"), [scope]).length > 0)
            throw new ToolError("PERMISSION_DENIED", "The credential may not do this.");
          return c.json((await work(c)) as object, 200, {
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
          });
        } catch (thrown) {
          const { code, message, hint } = asToolError(thrown);
          return c.json({ error: { code, message, hint } }, statuses[code] ?? 400);
        }
      };
    app.get(
      "/ui/data",
      requirePrincipal,
      answer((c) => libraryData(services, services.userOf(c.get("principal")))),
    );
    app.get(
      "/ui/item",
      requirePrincipal,
      answer((c) => proposalData(services, c.req.query("item") ?? "")),
    );
    app.post(
      "/ui/vote",
      requirePrincipal,
      answer(async (c) => {
        // A form of another site can post text; only our own page posts JSON.
        if (c.req.header("content-type") !== "application/json")
          throw new ToolError("VALIDATION_ERROR", "JSON is expected.");
        const text = await c.req.text();
        // As any call of the tool: the same checks, quota and audit.
        const voted = await caller.call({
          tool: "vote",
          args: text.length > 8_000 ? undefined : jsonOf(text),
          principal: c.get("principal"),
          signal: c.req.raw.signal,
        });
        if (voted === undefined)
          throw new ToolError("PERMISSION_DENIED", "This server takes no votes.", {
            hint: "It was started read-only, or without the group team.",
          });
        if (!voted.success) {
          const { code, message, hint } = voted.error;
          throw new ToolError(code, message, hint === undefined ? {} : { hint });
        }
        return { status: (voted.data as { status: string }).status };
      }, "data:write"),
    );
    app.get("/results/:id", requirePrincipal, (c) => {
      const result = services.results.get(c.req.param("id") ?? "", c.get("principal").id);
      if (result === undefined)
        return c.json({ error: { code: "NOT_FOUND", message: "The result is no longer kept." } }, 404);
      let at = 0;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          const piece = result.read(at, 256 * 1024);
          at += piece.length;
          if (piece.length > 0) controller.enqueue(new Uint8Array(piece));
          if (at >= result.bytes || piece.length === 0) controller.close();
        },
      });
      return new Response(body, {
        headers: { "content-type": "application/x-ndjson", "x-content-type-options": "nosniff" },
      });
    });
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The feed of /events on a WebSocket. */
export function feedSocket() {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1_024 });
  return ({ request, socket, head, subscribe }: Upgrade): void => {
    if (new URL(request.url ?? "/", "http://localhost").pathname !== "/events") {
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      const stop = subscribe(({ audience: _, ...event }) => {
        // A reader that does not read is let go; it reconnects and reads the state anew.
        if (client.bufferedAmount > maxBehindBytes) client.terminate();
        else client.send(JSON.stringify(event));
      });
      const beat = setInterval(() => client.ping(), 15_000);
      beat.unref();
      client.on("error", () => client.terminate());
      client.on("close", () => {
        clearInterval(beat);
        stop();
      });
    });
  };
}
