import { ToolError } from "../../error/tool-error.ts";
import type { Exit } from "./child.ts";
import { tooLarge } from "./engine-failure.ts";
import { type EngineFailure, outOfMemoryExit } from "./protocol.ts";

export function toolError(failure: EngineFailure): ToolError {
  return new ToolError(failure.code, failure.message, {
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    ...(failure.reason === undefined ? {} : { details: { reason: failure.reason } }),
  });
}

export function timedOut(timeoutMs: number): ToolError {
  return new ToolError("QUERY_TIMEOUT", `The statement was stopped after ${timeoutMs} ms.`, {
    hint: "Filter or aggregate more, or allow more time with timeout_ms.",
  });
}

/** Killed or aborted children ran out of memory far more often than anything else. */
export function died(exit: Exit): ToolError {
  const memory = exit.code === outOfMemoryExit || exit.signal === "SIGKILL" || exit.signal === "SIGABRT";
  if (memory || exit.code === 134 || exit.code === 137) return toolError(tooLarge());
  return new ToolError("CONNECTION_ERROR", "The engine ended unexpectedly while it ran the statement.", {
    hint: "Write the statement differently; simpler expressions or fewer columns may help.",
    details: { reason: "engine_failed" },
  });
}

export function startFailed(): ToolError {
  return new ToolError("CONNECTION_ERROR", "The engine could not be started.", {
    hint: "Ask the operator; the server's log holds the cause.",
  });
}

export function stopping(): ToolError {
  return new ToolError("UNAVAILABLE", "The server is stopping.");
}
