import { type ErrorCode, isToolError, ToolError } from "@mcp-data/core";
import { abortError } from "./abort-error.ts";
import { connectionError, isConnectionFailure } from "./connection-error.ts";
import { callerPosition } from "./position.ts";

/** What the server's ErrorResponse carries, as far as it is used. */
interface ServerError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly position?: string;
}

export interface FailureContext {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly elapsedMs: number;
  /** Absent when a statement of ours failed. */
  readonly caller?: { readonly text: string; readonly at: number } | undefined;
}

/** The longest fitting prefix of a SQLSTATE decides; anything else is QUERY_ERROR. */
const sqlstateCodes: readonly { readonly prefix: string; readonly code: ErrorCode }[] = [
  { prefix: "42501", code: "PERMISSION_DENIED" },
  { prefix: "57014", code: "QUERY_TIMEOUT" },
  { prefix: "55P03", code: "QUERY_TIMEOUT" },
  { prefix: "25006", code: "VALIDATION_ERROR" },
  { prefix: "25P03", code: "CONNECTION_ERROR" },
  { prefix: "40001", code: "UNAVAILABLE" },
  { prefix: "40P01", code: "UNAVAILABLE" },
  { prefix: "08", code: "CONNECTION_ERROR" },
  { prefix: "28", code: "CONNECTION_ERROR" },
  { prefix: "3D", code: "CONNECTION_ERROR" },
  { prefix: "53", code: "CONNECTION_ERROR" },
  { prefix: "57P", code: "CONNECTION_ERROR" },
  { prefix: "58", code: "CONNECTION_ERROR" },
];

/** The failure a caller sees for whatever a statement ended with; an exception of our own stays what it is. */
export function statementError(error: unknown, context: FailureContext): unknown {
  if (isToolError(error)) return error;
  if (context.signal.aborted) return abortError(context.signal);
  if (!isServerError(error)) return isConnectionFailure(error) ? connectionError(error) : error;
  const code = codeOf(error.code);
  if (code === "CONNECTION_ERROR") return connectionError(error);
  if (context.caller === undefined && code !== "QUERY_TIMEOUT") return ownStatementError(error);
  switch (code) {
    case "PERMISSION_DENIED":
      return new ToolError(code, "The database login may not read one of the relations or columns.", {
        hint: "Use only tables list_tables shows and columns describe_table shows.",
        details: { sqlstate: error.code },
        cause: error,
      });
    case "QUERY_TIMEOUT":
      return error.code === "55P03" ? lockTimeout(error) : stopped(error, context);
    case "VALIDATION_ERROR":
      return new ToolError(code, "The statement would write; only reading is possible here.", {
        hint: "Send a SELECT.",
        details: { reason: "forbidden_statement", sqlstate: error.code },
        cause: error,
      });
    case "UNAVAILABLE":
      return new ToolError(code, "The database gave this statement up in favour of another one.", {
        hint: "Send it again.",
        retryAfterMs: 500,
        details: { sqlstate: error.code },
        cause: error,
      });
    default:
      return queryError(error, context);
  }
}

export function isServerError(error: unknown): error is ServerError {
  if (typeof error !== "object" || error === null || !("severity" in error)) return false;
  return "code" in error && typeof error.code === "string" && /^[0-9A-Z]{5}$/.test(error.code);
}

export function codeOf(sqlstate: string): ErrorCode {
  return sqlstateCodes.find((entry) => sqlstate.startsWith(entry.prefix))?.code ?? "QUERY_ERROR";
}

// A text search configuration is named by a value, out of the text gate's sight: the server's own words would tell
// which schemas there are.
const unknownName: ReadonlySet<string> = new Set(["3F000", "42704"]);

function queryError(error: ServerError, context: FailureContext): ToolError {
  if (unknownName.has(error.code)) {
    const position = callerPosition(error.position, context.caller);
    return new ToolError(
      "QUERY_ERROR",
      "The statement names something that does not exist, such as a collation or a text search configuration.",
      { details: { sqlstate: "42704", ...(position === undefined ? {} : { position }) }, cause: error },
    );
  }
  // XX is the server's own defect; its text names files and internals.
  const internal = error.code.startsWith("XX");
  const message = internal ? "The database failed while running the statement." : clip(error.message, 500);
  const position = callerPosition(error.position, context.caller);
  return new ToolError("QUERY_ERROR", message, {
    ...(error.hint === undefined || internal ? {} : { hint: clip(error.hint, 300) }),
    details: { sqlstate: error.code, ...(position === undefined ? {} : { position }) },
    cause: error,
  });
}

function lockTimeout(error: ServerError): ToolError {
  return new ToolError("QUERY_TIMEOUT", "Another session holds a lock on a table of the statement.", {
    hint: "Send it again later.",
    retryAfterMs: 2_000,
    details: { reason: "lock_timeout", sqlstate: error.code },
    cause: error,
  });
}

// The server's two messages are translated, so the clock tells a timeout from an operator's cancel.
function stopped(error: ServerError, context: FailureContext): ToolError {
  if (context.elapsedMs >= context.timeoutMs * 0.9) return timeoutError(context.timeoutMs, error);
  return new ToolError("CANCELLED", "The statement was stopped on the server by somebody else.", {
    hint: "Send it again, or ask the operator.",
    details: { sqlstate: error.code },
    cause: error,
  });
}

export function timeoutError(timeoutMs: number, cause?: unknown): ToolError {
  return new ToolError("QUERY_TIMEOUT", `The statement was stopped at its limit of ${timeoutMs} ms.`, {
    hint: "Ask for less: a narrower filter, an aggregate, fewer joins; explain_query shows what is slow.",
    details: { reason: "statement_timeout", timeout_ms: timeoutMs },
    cause,
  });
}

function ownStatementError(error: ServerError): ToolError {
  return new ToolError("CONFIG_ERROR", "The database refused one of the server's own statements.", {
    hint: "The operator must check the source's readonly_role and the login's rights; the log holds the cause.",
    details: { sqlstate: error.code },
    cause: error,
  });
}

function clip(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max - 1)}…` : text;
}
