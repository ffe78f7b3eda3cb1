import type { ErrorCode } from "./codes.ts";
import { isToolError, ToolError } from "./tool-error.ts";

/** What a failed call shows its caller. */
export interface Failure {
  readonly success: false;
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint?: string;
    readonly retry_after_ms?: number;
    readonly details?: Readonly<Record<string, unknown>>;
  };
  readonly request_id: string;
  readonly timing_ms: number;
}

/** Characters of a failure's JSON. Hosts keep about 11,000 of an error; a model needs far fewer. */
const maxFailureChars = 1_500;

/** An unknown exception becomes INTERNAL_ERROR: its text may hold paths, hosts or data and is for the log. */
export function asToolError(error: unknown): ToolError {
  if (isToolError(error)) return error;
  return new ToolError("INTERNAL_ERROR", "The server failed while handling this call.", {
    hint: "Report the request id to the operator; the server's log holds the cause.",
    cause: error,
  });
}

export function toFailure(error: ToolError, requestId: string, timingMs: number): Failure {
  const whole = build(error, error.message, error.hint, error.details, requestId, timingMs);
  if (JSON.stringify(whole).length <= maxFailureChars) return whole;
  const reason = error.details?.reason;
  const details = reason === undefined ? { truncated: true } : { reason, truncated: true };
  return build(error, clip(error.message, 500), clip(error.hint, 300), details, requestId, timingMs);
}

function build(
  error: ToolError,
  message: string | undefined,
  hint: string | undefined,
  details: Readonly<Record<string, unknown>> | undefined,
  requestId: string,
  timingMs: number,
): Failure {
  return {
    success: false,
    error: {
      code: error.code,
      message: message ?? "",
      ...(hint === undefined ? {} : { hint }),
      ...(error.retryAfterMs === undefined ? {} : { retry_after_ms: Math.ceil(error.retryAfterMs) }),
      ...(details === undefined ? {} : { details }),
    },
    request_id: requestId,
    timing_ms: timingMs,
  };
}

function clip(text: string | undefined, max: number): string | undefined {
  return text !== undefined && text.length > max ? `${text.slice(0, max - 1)}…` : text;
}
