import { constants } from "node:os";
import { findPostgres, startPostgres } from "./postgres.mjs";
import { startRedis } from "./redis.mjs";
import { exited, signalGroup, tether } from "./tether.mjs";

const forwarded = ["SIGINT", "SIGTERM", "SIGHUP"];
const graceMs = 10_000;

/** Starts every service; `env` is what tests read. */
async function startServices() {
  const started = await Promise.allSettled([startPostgres(), startRedis()]);
  const failed = started.filter((result) => result.status === "rejected");
  const running = started.filter((result) => result.status === "fulfilled").map((result) => result.value);
  const stop = async () => void (await Promise.allSettled(running.map((service) => service.stop())));
  if (failed.length > 0) {
    await stop();
    throw new Error(failed.map((result) => result.reason.message).join("\n"));
  }
  const [postgres, redis] = running;
  return {
    stop,
    env: {
      TEST_POSTGRES_URL: postgres.url,
      TEST_POSTGRES_BIN: findPostgres(),
      TEST_POSTGRES_DATA: postgres.dataDir,
      TEST_REDIS_URL: redis.url,
    },
  };
}

/** Runs a command with the services around it and resolves with its exit code; signals reach the command first. */
export async function runWithServices(command, args, { env = process.env } = {}) {
  let child;
  let received;
  const onSignal = (signal) => {
    received = signal;
    if (child === undefined) return;
    signalGroup(child, signal);
    setTimeout(() => signalGroup(child, "SIGKILL"), graceMs).unref();
  };
  for (const signal of forwarded) process.on(signal, onSignal);
  const services = await startServices();
  try {
    if (received !== undefined) return exitCode({ signal: received });
    child = tether(command, args, { stdio: "inherit", env: { ...env, ...services.env } });
    return exitCode(await exited(child));
  } finally {
    if (child !== undefined) signalGroup(child, "SIGKILL");
    await services.stop();
    for (const signal of forwarded) process.off(signal, onSignal);
  }
}

function exitCode({ code, signal }) {
  return code ?? 128 + (constants.signals[signal] ?? 0);
}
