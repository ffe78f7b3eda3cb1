import { asToolError, ToolError } from "@mcp-data/core";
import type { AppEnv, HttpApp, Upgrade } from "@mcp-data/core/http";
import { liveFeedJs, pageHeaders, tokensCss, virtualTableJs } from "@mcp-data/page";
import type { Context, Hono } from "hono";
import { WebSocketServer } from "ws";
import { z } from "zod";
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
const voteBody = z.strictObject({
  proposal: z.string().max(80),
  vote: z.enum(["approve", "reject", "none"]),
  comment: z.string().max(1_000).optional(),
});

/** The page itself is open to whoever reaches the server; what it shows needs a credential like every call. */
export function pageRoutes(services: Services) {
  const admit = createPageLimit();
  return (app: Hono<AppEnv>, requirePrincipal: HttpApp["requirePrincipal"]): void => {
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
          const { scopes, id } = c.get("principal");
          admit(id);
          if (!scopes.includes("*") && !scopes.includes(scope))
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
        const parsed = voteBody.safeParse(text.length > 8_000 ? undefined : jsonOf(text));
        if (!parsed.success) throw new ToolError("VALIDATION_ERROR", "proposal and vote are expected.");
        const { proposal, vote, comment } = parsed.data;
        const voted = await services.proposals.vote(
          services.userOf(c.get("principal")),
          proposal,
          vote,
          comment || undefined,
        );
        return { status: voted.status };
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
