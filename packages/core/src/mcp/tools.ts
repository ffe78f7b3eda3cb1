import type { CallToolResult, Server, ServerContext } from "@modelcontextprotocol/server";
import type { Success } from "../envelope/envelope.ts";
import type { Failure } from "../error/to-failure.ts";
import type { Progress } from "../tool/define-tool.ts";
import type { PrincipalOf } from "./bind.ts";
import { reportProgress } from "./progress.ts";
import { invalidParams } from "./rpc-error.ts";
import type { Surface } from "./surface.ts";

export function serveTools<Services>(
  server: Server,
  surface: Surface<Services>,
  principalOf: PrincipalOf,
): void {
  server.setRequestHandler("tools/list", (_request, ctx) => ({
    tools: surface.caller.visibleTools(principalOf(ctx)).map((tool) => surface.wireTool(tool)),
  }));

  server.setRequestHandler("tools/call", async ({ params }, ctx) => {
    const reporter = progressReporter(ctx);
    const answer = await surface.caller.call({
      tool: params.name,
      args: params.arguments ?? {},
      principal: principalOf(ctx),
      signal: ctx.mcpReq.signal,
      ...(reporter === undefined ? {} : { progress: reporter.report }),
    });
    reporter?.finish();
    if (answer === undefined) throw invalidParams(`Unknown tool: ${params.name.slice(0, 80)}`);
    return toCallToolResult(answer);
  });
}

/** Undefined when the caller did not ask for progress. */
function progressReporter(ctx: ServerContext) {
  const progressToken = ctx.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  return reportProgress((update: Progress) => {
    // The caller may be gone by now; the call's own signal tells that.
    ctx.mcpReq
      .notify({ method: "notifications/progress", params: { progressToken, ...update } })
      .catch(() => undefined);
  });
}

/** Hosts show the model either part, so both hold the same; a failure is text only, as clients check the schema. */
export function toCallToolResult(answer: Success | Failure): CallToolResult {
  const content: CallToolResult["content"] = [{ type: "text", text: JSON.stringify(answer) }];
  return answer.success
    ? { content, structuredContent: answer as unknown as Record<string, unknown> }
    : { content, isError: true };
}
