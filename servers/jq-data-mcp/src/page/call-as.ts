import { type Caller, missingScopes, type Principal, ToolError } from "@mcp-data/core";
import type { Services } from "../services.ts";

type AsCall = readonly [tool: string, args?: unknown];

export interface PageCaller {
  readonly caller: Caller<Services>;
  readonly principal: Principal;
  readonly signal: AbortSignal;
}

/**
 * What the page reads and does counts as the call of the tool that shows or does the same, the first this server has:
 * same scopes, same quota, same audit. Reads then give the page's own picture, which has other limits than an answer
 * to a model. Rejects with what the call failed with.
 */
export async function callAs(
  { caller, principal, signal }: PageCaller,
  calls: readonly [AsCall, ...AsCall[]],
  refusal = "This server does not show its library, or not with your credential.",
): Promise<Readonly<Record<string, unknown>>> {
  const served = new Set(caller.visibleTools(principal).map(({ name }) => name));
  const [tool, args = {}] = calls.find(([name]) => served.has(name)) ?? calls[0];
  const called = await caller.call({ tool, args, principal, signal });
  if (called === undefined) throw new ToolError("PERMISSION_DENIED", refusal);
  if (called.success) return called.data as Readonly<Record<string, unknown>>;
  const { code, message, hint, retry_after_ms } = called.error;
  throw new ToolError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    ...(retry_after_ms === undefined ? {} : { retryAfterMs: retry_after_ms }),
  });
}

/** The calls that show an entry of the library, such as `tool:name` or `function:name/2`. */
export function callsShowing(item: string): readonly [AsCall, ...AsCall[]] {
  const [kind = "", key = ""] = item.split(":");
  const [name = "", arity] = key.split("/");
  const args = { name, ...(arity === undefined ? {} : { arity: Number(arity) }) };
  return kind === "function"
    ? [
        ["get_function", args],
        ["get_history", { ...args, kind }],
      ]
    : [
        ["get_tool", args],
        ["get_history", args],
      ];
}

/** Why nobody, or not this caller, votes here; undefined for those who may. */
export function whyNoVotes({ caller, principal }: Omit<PageCaller, "signal">): string | undefined {
  if (caller.visibleTools(principal).some(({ name }) => name === "vote")) return undefined;
  return missingScopes(principal, ["data:write"]).length > 0
    ? "Your credential may only read; a vote needs the scope data:write."
    : "This server takes no votes: it was started read-only, or without the group team.";
}
