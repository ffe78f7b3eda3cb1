import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { scratchDir } from "./scratch-dir.mjs";
import { startService } from "./start-service.mjs";

/** Path of the server binary, or undefined. */
export function findRedis() {
  const places = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return places.map((dir) => join(dir, "redis-server")).find((path) => existsSync(path));
}

/** A throwaway Redis on loopback that keeps nothing on disk. */
export async function startRedis() {
  const command = findRedis();
  if (command === undefined) {
    throw new Error("Redis is not installed; run: node scripts/services.mjs install");
  }
  const dir = await scratchDir("redis");
  const service = await startService({
    name: "Redis",
    stopSignal: "SIGTERM",
    commandFor: (port) => ({
      command,
      args: ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", dir],
    }),
    ready: answersPing,
  }).catch(async (error) => {
    await rm(dir, { recursive: true, force: true });
    throw error;
  });
  return {
    ...service,
    url: `redis://127.0.0.1:${service.port}`,
    async stop() {
      await service.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function answersPing(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.once("data", (chunk) => {
      socket.destroy();
      resolve(String(chunk).startsWith("+PONG"));
    });
    socket.once("error", () => resolve(false));
  });
}
