import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./free-port.mjs";
import { stopGroup, tether } from "./tether.mjs";

/**
 * Starts a daemon on a free port and waits until `ready(port)` answers true.
 * `commandFor(port)` gives `{ command, args, options }`; a lost race for the port is tried again.
 */
export async function startService({ name, commandFor, ready, stopSignal, timeoutMs = 20_000 }) {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const { command, args, options } = commandFor(port);
    const child = tether(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const output = tail(child);
    const failure = new Promise((resolve) => child.once("error", resolve));
    const outcome = await Promise.race([
      untilReady(child, () => ready(port), timeoutMs),
      failure.then((error) => `cannot start: ${error.message}`),
    ]);
    if (outcome === "ready") return { port, child, stop: () => stopGroup(child, stopSignal) };
    await stopGroup(child, "SIGKILL").catch(() => {});
    if (attempt === 3 || !/address already in use/i.test(output())) {
      throw new Error(`${name} ${outcome}\n${output()}`.trim());
    }
  }
}

/** True once something accepts TCP connections on the loopback port. */
export function acceptsTcp(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

async function untilReady(child, ready, timeoutMs) {
  const deadline = Date.now() + timeoutMs;
  while (child.exitCode === null && child.signalCode === null) {
    if (await ready()) return "ready";
    if (Date.now() > deadline) return `was not ready within ${timeoutMs / 1000} s`;
    await sleep(20);
  }
  return `stopped at once (exit ${child.exitCode ?? child.signalCode})`;
}

function tail(child) {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      text = (text + chunk).slice(-4_000);
    });
  }
  return () => text;
}
