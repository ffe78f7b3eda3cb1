import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  ProtocolErrorCode,
  type RequestId,
} from "@modelcontextprotocol/server";
import type { Line } from "./line-framing.ts";

export interface Rejection {
  readonly jsonrpc: "2.0";
  readonly id: RequestId | null;
  readonly error: { readonly code: number; readonly message: string };
}

export type Inbound = { readonly message: JSONRPCMessage } | { readonly rejection: Rejection };

/** What a line says, or the error its sender gets: every request is answered, with its id where it can be read. */
export function readInbound(line: Line, maxBytes: number): Inbound {
  if (line.kind === "too_long") {
    const message = `The message is larger than ${maxBytes} bytes.`;
    return reject(ProtocolErrorCode.InvalidRequest, message, idAtEdge(line.edges));
  }
  if (line.kind === "not_utf8")
    return reject(ProtocolErrorCode.ParseError, "Parse error: the line is not UTF-8.");
  let value: unknown;
  try {
    value = JSON.parse(line.text);
  } catch {
    return reject(ProtocolErrorCode.ParseError, "Parse error: the line is not JSON.");
  }
  if (Array.isArray(value)) {
    return reject(
      ProtocolErrorCode.InvalidRequest,
      "Invalid request: send one message per line, not a batch.",
    );
  }
  if (isJSONRPCRequest(value) || isJSONRPCNotification(value)) return { message: value };
  if (isJSONRPCResultResponse(value) || isJSONRPCErrorResponse(value)) return { message: value };
  return reject(
    ProtocolErrorCode.InvalidRequest,
    "Invalid request: not a JSON-RPC 2.0 message.",
    idOf(value),
  );
}

function reject(code: number, message: string, id: RequestId | null = null): Inbound {
  return { rejection: { jsonrpc: "2.0", id, error: { code, message } } };
}

function idOf(value: unknown): RequestId | null {
  const id = typeof value === "object" && value !== null ? (value as { id?: unknown }).id : undefined;
  return typeof id === "string" || typeof id === "number" ? id : null;
}

/** The members right after the first brace or right before the last are the message's own, whatever lies between. */
function idAtEdge(edges: { head: string; tail: string }): RequestId | null {
  const first = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(-?\d{1,15}|"[^"\\]{1,100}")\s*[,}]/;
  const last = /[,{]\s*"id"\s*:\s*(-?\d{1,15}|"[^"\\]{1,100}")\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/;
  const found = first.exec(edges.head)?.[1] ?? last.exec(edges.tail)?.[1];
  return found === undefined ? null : (JSON.parse(found) as RequestId);
}
