import { asToolError, type Caller, type Logger, type Reader, ToolError } from "@mcp-data/core";
import type { AppEnv, HttpApp } from "@mcp-data/core/http";
import { liveFeedJs, pageHeaders, tokensCss, virtualTableJs } from "@mcp-data/page";
import type { Context, Hono } from "hono";
import { callAs, callsShowing, whyNoVotes } from "./page/call-as.ts";
import { chartJs } from "./page/chart-script.ts";
import { libraryData, proposalData } from "./page/data.ts";
import { pageHtml } from "./page/html.ts";
import { piecesJs } from "./page/pieces-script.ts";
import { pageJs } from "./page/script.ts";
import { pageCss } from "./page/style.ts";
import { createDownloads } from "./result-downloads.ts";
import { resultOf } from "./results/result-of.ts";
import type { Services } from "./services.ts";
import { proposalDiff } from "./tools/proposal-answer.ts";

const maxVoteChars = 8_000;
const noStore = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
const statuses: Readonly<Record<string, 403 | 404 | 409 | 429 | 500 | 503>> = {
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  INTERNAL_ERROR: 500,
  UNAVAILABLE: 503,
};

/** The page itself is open to whoever reaches the server; what it shows needs a credential like every call. */
export function pageRoutes(services: Services, logger: Logger) {
  const download = createDownloads();
  return (
    app: Hono<AppEnv>,
    requirePrincipal: HttpApp["requirePrincipal"],
    caller: Caller<Services>,
    reader: Reader,
  ): void => {
    const asset = (path: string, type: string, text: string) =>
      app.get(path, () => new Response(text, { headers: pageHeaders(type) }));
    asset("/ui", "text/html", pageHtml);
    asset("/ui/page.css", "text/css", tokensCss + pageCss);
    asset("/ui/page.js", "text/javascript", pageJs);
    asset("/ui/pieces.js", "text/javascript", piecesJs);
    asset("/ui/chart.js", "text/javascript", chartJs);
    asset("/ui/live-feed.js", "text/javascript", liveFeedJs);
    asset("/ui/virtual-table.js", "text/javascript", virtualTableJs);

    const answer = (work: (c: Context<AppEnv>) => Promise<object>) => async (c: Context<AppEnv>) => {
      try {
        const given = await work(c);
        return given instanceof Response ? given : c.json(given, 200, noStore);
      } catch (thrown) {
        const { code, message, hint, retryAfterMs } = asToolError(thrown);
        if (code === "INTERNAL_ERROR") logger.error("a request of the page failed", { err: thrown });
        const error = { code, message, hint, retry_after_ms: retryAfterMs };
        const wait =
          retryAfterMs === undefined ? {} : { "retry-after": String(Math.ceil(retryAfterMs / 1_000)) };
        return c.json({ error }, statuses[code] ?? 400, { ...noStore, ...wait });
      }
    };
    const by = (c: Context<AppEnv>) => ({
      caller,
      principal: c.get("principal"),
      signal: c.req.raw.signal,
    });
    app.get(
      "/ui/data",
      requirePrincipal,
      answer(async (c) => {
        await callAs(by(c), [["list_proposals"], ["get_metrics"]]);
        return {
          ...libraryData(services, services.userOf(c.get("principal"))),
          no_votes: whyNoVotes(by(c)),
        };
      }),
    );
    app.get(
      "/ui/item",
      requirePrincipal,
      answer(async (c) => {
        const item = c.req.query("item") ?? "";
        await callAs(by(c), callsShowing(item));
        return proposalData(services, item);
      }),
    );
    app.get(
      "/ui/proposal",
      requirePrincipal,
      answer(async (c) => {
        const id = c.req.query("id") ?? "";
        await callAs(by(c), [["list_proposals", { id }]]);
        return { diff: proposalDiff(services.proposals.get(id), services) };
      }),
    );
    app.post(
      "/ui/vote",
      requirePrincipal,
      answer(async (c) => {
        // A form of another site can post text; only our own page posts JSON.
        if (c.req.header("content-type") !== "application/json")
          throw new ToolError("VALIDATION_ERROR", "JSON is expected.");
        const text = await c.req.text();
        const args = text.length > maxVoteChars ? undefined : jsonOf(text);
        const { status } = await callAs(by(c), [["vote", args]], whyNoVotes(by(c)));
        return { status };
      }),
    );
    app.get(
      "/results/:id",
      requirePrincipal,
      answer((c) => {
        const id = c.req.param("id") ?? "";
        const principal = c.get("principal");
        return reader({
          method: "resources/read",
          target: `jq-data://results/${id.slice(0, 100)}`,
          principal,
          signal: c.req.raw.signal,
          work: (signal) =>
            download(resultOf(services, principal, id), {
              method: c.req.method,
              range: c.req.header("range"),
              ifRange: c.req.header("if-range"),
              outgoing: c.env.outgoing,
              signal,
            }),
          size: () => 0,
        });
      }),
    );
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
