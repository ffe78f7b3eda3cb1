import type { ErrorCode } from "../error/codes.ts";
import { errorCodes } from "../error/codes.ts";
import type { ToolError } from "../error/tool-error.ts";

export interface RefusalOptions {
  readonly hint?: string | undefined;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON-RPC code of the body. */
  readonly rpcCode?: number;
  readonly id?: string | number | null;
}

/** An answer given before JSON-RPC takes over; its body is a JSON-RPC error, so MCP clients can show it. */
export function refuse(code: ErrorCode, message: string, options: RefusalOptions = {}): Response {
  const body = {
    jsonrpc: "2.0",
    error: {
      code: options.rpcCode ?? -32_000,
      message,
      data: { code, ...(options.hint === undefined ? {} : { hint: options.hint }) },
    },
    id: options.id ?? null,
  };
  return new Response(JSON.stringify(body), {
    status: options.status ?? errorCodes[code].status,
    headers: { "content-type": "application/json", ...options.headers },
  });
}

export function refuseWith(error: ToolError, headers: Record<string, string> = {}): Response {
  const retryAfter =
    error.retryAfterMs === undefined ? {} : { "retry-after": String(Math.ceil(error.retryAfterMs / 1_000)) };
  return refuse(error.code, error.message, { hint: error.hint, headers: { ...retryAfter, ...headers } });
}
