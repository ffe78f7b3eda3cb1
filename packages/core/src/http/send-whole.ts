import type { ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";

/** Writes a JSON answer in one piece: passed on as a web stream it costs several times as much. Others pass unchanged. */
export async function sendWhole(response: Response, outgoing: ServerResponse): Promise<Response> {
  if (response.headers.get("content-type") !== "application/json" || outgoing.headersSent) return response;
  const text = await response.text();
  const headers = Object.fromEntries(response.headers);
  outgoing.writeHead(response.status, { ...headers, "content-length": Buffer.byteLength(text) });
  outgoing.end(text);
  return RESPONSE_ALREADY_SENT;
}
