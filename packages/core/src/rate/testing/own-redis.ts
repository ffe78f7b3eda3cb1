import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { openRedis } from "../redis-client.ts";

const services = new URL("../../../../../scripts/services/redis.mjs", import.meta.url).href;

/** A server of one test's own, to be stopped and started again on the same port. */
export async function startOwnRedis() {
  const command: string | undefined = (await import(services)).findRedis();
  if (command === undefined)
    throw new Error("Redis is not installed; run: node scripts/services.mjs install");
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  let child: ChildProcess | undefined;
  const own = {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      child = spawn(command, ["--port", String(port), "--save", "", "--appendonly", "no"]);
      const client = await answering(own.url);
      client.disconnect();
    },
    async kill() {
      if (child === undefined) return;
      const ended = once(child, "close");
      child.kill("SIGKILL");
      await ended;
      child = undefined;
    },
    signal: (name: "SIGSTOP" | "SIGCONT") => child?.kill(name),
  };
  await own.start();
  return own;
}

async function answering(url: string) {
  for (const deadline = Date.now() + 10_000; ; ) {
    const opened = await openRedis(url);
    try {
      await opened.ping();
      return opened;
    } catch (error) {
      opened.disconnect();
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
