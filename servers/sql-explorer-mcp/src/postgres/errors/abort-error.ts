import { isToolError, ToolError } from "@mcp-data/core";

/** What an aborted call answers: its own reason when it brought one, a time limit, or a cancellation. */
export function abortError(signal: AbortSignal): ToolError {
  const reason: unknown = signal.reason;
  if (isToolError(reason)) return reason;
  if (reason instanceof Error && reason.name === "TimeoutError") {
    return new ToolError("QUERY_TIMEOUT", "The call was stopped at its time limit.", {
      hint: "Ask for less: a narrower filter, fewer columns, an aggregate, or a LIMIT.",
    });
  }
  return new ToolError("CANCELLED", "The call was cancelled; its statement was stopped on the server.");
}
