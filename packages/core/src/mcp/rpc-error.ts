import { randomUUID } from "node:crypto";
import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError } from "@modelcontextprotocol/server";
import { asToolError } from "../error/to-failure.ts";
import type { Logger } from "../log/logger.ts";

/** Runs what answers a request outside a tool; what it throws leaves as a JSON-RPC error that leaks no text. */
export async function answering<T>(
  log: Logger,
  method: string,
  uri: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw toRpcError(log, method, uri, thrown);
  }
}

export function invalidParams(message: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}

function toRpcError(log: Logger, method: string, uri: string | undefined, thrown: unknown): ProtocolError {
  if (thrown instanceof ProtocolError) return thrown;
  const error = asToolError(thrown);
  if (error.code === "NOT_FOUND" && uri !== undefined) return new ResourceNotFoundError(uri);
  const requestId = randomUUID();
  if (error.code === "INTERNAL_ERROR")
    log.error("a request failed", { err: thrown, method, request_id: requestId });
  const code =
    error.code === "VALIDATION_ERROR" || error.code === "NOT_FOUND"
      ? ProtocolErrorCode.InvalidParams
      : ProtocolErrorCode.InternalError;
  return new ProtocolError(code, error.message, {
    code: error.code,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.retryAfterMs === undefined ? {} : { retry_after_ms: Math.ceil(error.retryAfterMs) }),
    request_id: requestId,
  });
}
