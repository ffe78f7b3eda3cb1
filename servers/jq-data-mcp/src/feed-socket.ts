import type { Upgrade } from "@mcp-data/core/http";
import { WebSocketServer } from "ws";

const maxBehindBytes = 1_000_000;

/** The feed of /events on a WebSocket. */
export function feedSocket() {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1_024 });
  return ({ request, socket, head, subscribe }: Upgrade): void => {
    if (new URL(request.url ?? "/", "http://localhost").pathname !== "/events") {
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      const stop = subscribe(({ audience: _, ...event }) => {
        // A reader that does not read is let go; it reconnects and reads the state anew.
        if (client.bufferedAmount > maxBehindBytes) client.terminate();
        else client.send(JSON.stringify(event));
      });
      const beat = setInterval(() => client.ping(), 15_000);
      beat.unref();
      client.on("error", () => client.terminate());
      client.on("close", () => {
        clearInterval(beat);
        stop();
      });
    });
  };
}
