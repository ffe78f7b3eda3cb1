import { Agent, request } from "node:http";

// biome-ignore lint/suspicious/noExplicitAny: whatever a tool gives
type Answer = Record<string, any>;

export interface RawCaller {
  /** The envelope of a tool call; rejects when there is none. */
  call(key: string, name: string, args: object, headers?: Record<string, string>): Promise<Answer>;
  close(): void;
}

const version = "2026-07-28";

/** Tool calls over a fixed number of kept connections, with as little work on this side as can be. */
export function rawCaller(url: string, connections: number): RawCaller {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: connections,
    maxFreeSockets: connections,
    // Idle ones end here before the server ends them, or a request could meet its closing.
    timeout: 3_000,
  });
  let id = 0;
  return {
    call(key, name, args, headers = { "x-api-key": key }) {
      id += 1;
      const body = JSON.stringify({
        jsonrpc: "2.0",
        id,
        method: "tools/call",
        params: {
          name,
          arguments: args,
          _meta: {
            "io.modelcontextprotocol/protocolVersion": version,
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": { name: "load", version: "1" },
          },
        },
      });
      return new Promise((resolve, reject) => {
        const sent = request(url, {
          agent,
          method: "POST",
          headers: {
            "content-type": "application/json",
            accept: "application/json, text/event-stream",
            "content-length": Buffer.byteLength(body),
            ...headers,
            "mcp-protocol-version": version,
            "mcp-method": "tools/call",
            "mcp-name": name,
          },
        });
        sent.once("error", reject);
        sent.once("response", (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => {
            text += chunk;
          });
          response.once("end", () => {
            try {
              const json = text.startsWith("{") ? text : (/^data: (\{.*)$/m.exec(text)?.[1] ?? text);
              resolve(JSON.parse(JSON.parse(json).result.content[0].text));
            } catch (cause) {
              reject(new Error(`${response.statusCode}: ${text.slice(0, 300)}`, { cause }));
            }
          });
        });
        sent.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}
