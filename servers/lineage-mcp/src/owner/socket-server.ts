import { existsSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { asToolError } from "@mcp-data/core";
import type { Memory } from "../store/memory.ts";
import { socketPath } from "./socket-path.ts";

export interface SocketServer {
  close(): Promise<void>;
}

/** Lets other copies of this server, of the same user, ask the owner. */
export async function serveSocket(path: string, memory: Memory): Promise<SocketServer> {
  const address = socketPath(path);
  // The lock on the database says that nobody else listens here.
  if (process.platform !== "win32" && existsSync(address)) rmSync(address, { force: true });
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.setEncoding("utf8");
    const stop = memory.onChange((notebooks) => send(socket, { changed: notebooks }));
    const running = new Map<number, AbortController>();
    let buffer = "";
    socket.on("data", (text: string) => {
      buffer += text;
      for (let end = buffer.indexOf("\n"); end >= 0; end = buffer.indexOf("\n")) {
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + 1);
        void answer(socket, memory, line, running);
      }
      if (buffer.length > 4_000_000) socket.destroy();
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      stop();
      sockets.delete(socket);
      for (const controller of running.values()) controller.abort();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, () => resolve());
  });
  server.unref();
  return {
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

async function answer(
  socket: Socket,
  memory: Memory,
  line: string,
  running: Map<number, AbortController>,
): Promise<void> {
  let id = -1;
  try {
    const request = JSON.parse(line) as { id: number; method: string; params: unknown[] };
    id = request.id;
    if (request.method === "cancel") {
      running.get(Number(request.params[0]))?.abort();
      return;
    }
    const controller = new AbortController();
    running.set(id, controller);
    send(socket, {
      id,
      result: (await call(memory, request.method, request.params, controller.signal)) ?? null,
    });
  } catch (error) {
    const { code, message, hint, details } = asToolError(error);
    send(socket, { id, error: { code, message, hint, details } });
  } finally {
    running.delete(id);
  }
}

function call(
  memory: Memory,
  method: string,
  params: readonly unknown[],
  signal: AbortSignal,
): Promise<unknown> {
  if (method === "rows") return memory.rows(String(params[0]), params[1] as (string | number | null)[]);
  if (method === "query")
    return memory.query(String(params[0]), params[1] as { limit: number; timeoutMs: number }, signal);
  if (method === "fresh") return memory.fresh();
  return memory.status();
}

function send(socket: Socket, value: unknown): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(value)}\n`);
}
