import {
  type CallToolResult,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
} from "@modelcontextprotocol/client";
import type { Success } from "../envelope/envelope.ts";
import { type ErrorCode, errorCodes } from "../error/codes.ts";
import { isToolError, ToolError } from "../error/tool-error.ts";

/** The envelope of a result. Throws the failure it carries; UPSTREAM_ERROR for a result of another kind of server. */
export function fromCallToolResult(result: CallToolResult): Success {
  const text = result.content.find((block) => block.type === "text")?.text ?? "";
  if (result.isError !== true) {
    const answer = (result.structuredContent as Partial<Success> | undefined) ?? parseObject(text);
    if (answer?.success === true) return answer as Success;
    throw new ToolError("UPSTREAM_ERROR", "The server's answer is not an envelope of this family.");
  }
  throw failureOf(parseObject(text)) ?? new ToolError("UPSTREAM_ERROR", text.slice(0, 500));
}

/** What a call that got no result failed of. */
export function fromThrown(thrown: unknown, signal: AbortSignal | undefined): ToolError {
  if (isToolError(thrown)) return thrown;
  if (signal?.aborted) return new ToolError("CANCELLED", "The call was cancelled.", { cause: thrown });
  if (thrown instanceof ProtocolError) {
    const { code, hint, retry_after_ms } = (thrown.data ?? {}) as Partial<Record<string, unknown>>;
    return new ToolError(isCode(code) ? code : codeOfProtocolError(thrown.code), thrown.message, {
      ...(typeof hint === "string" ? { hint } : {}),
      ...(typeof retry_after_ms === "number" ? { retryAfterMs: retry_after_ms } : {}),
      cause: thrown,
    });
  }
  if (thrown instanceof SdkHttpError) return fromStatus(thrown.status, thrown);
  if (thrown instanceof SdkError && thrown.code === SdkErrorCode.RequestTimeout) {
    return new ToolError("QUERY_TIMEOUT", "The server did not answer in time.", { cause: thrown });
  }
  return new ToolError("CONNECTION_ERROR", "The server cannot be reached or is gone.", { cause: thrown });
}

function codeOfProtocolError(code: number): ErrorCode {
  return code === -32_602 || code === -32_601 || code === -32_600 ? "VALIDATION_ERROR" : "UPSTREAM_ERROR";
}

function fromStatus(status: number | undefined, cause: Error): ToolError {
  const codes: Record<number, ErrorCode> = {
    401: "AUTH_REQUIRED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    413: "VALIDATION_ERROR",
    429: "RATE_LIMITED",
    503: "UNAVAILABLE",
  };
  const code = codes[status ?? 0] ?? "UPSTREAM_ERROR";
  return new ToolError(code, `The server answered with HTTP status ${status ?? "unknown"}.`, { cause });
}

function failureOf(value: Record<string, unknown> | undefined): ToolError | undefined {
  const error = value?.error as Partial<Record<string, unknown>> | undefined;
  if (typeof error !== "object" || error === null || !isCode(error.code)) return undefined;
  return new ToolError(error.code, String(error.message ?? ""), {
    ...(typeof error.hint === "string" ? { hint: error.hint } : {}),
    ...(typeof error.retry_after_ms === "number" ? { retryAfterMs: error.retry_after_ms } : {}),
    details: {
      ...(error.details as Record<string, unknown> | undefined),
      request_id: value?.request_id,
    },
  });
}

function isCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(errorCodes, value);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
