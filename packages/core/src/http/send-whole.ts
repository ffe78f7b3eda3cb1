import type { ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";

/** Writes a JSON answer in one piece: passed on as a web stream it costs several times as much. Others pass unchanged. */
export async function sendWhole(response: Response, outgoing: ServerResponse): Promise<Response> {
  if (response.headers.get("content-type") !== "application/json" || outgoing.headersSent) return response;
  return sendText(await response.text(), outgoing, response.status, Object.fromEntries(response.headers));
}

/** What the HTTP layer is to return for it stands for "sent". */
export function sendText(
  json: string,
  outgoing: ServerResponse,
  status = 200,
  headers: Readonly<Record<string, string>> = { "content-type": "application/json" },
): Response {
  outgoing.writeHead(status, { ...headers, "content-length": Buffer.byteLength(json) });
  outgoing.end(json);
  return RESPONSE_ALREADY_SENT;
}
