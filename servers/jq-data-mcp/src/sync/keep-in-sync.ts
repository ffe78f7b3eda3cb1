import { type Logger, ToolError } from "@mcp-data/core";
import { credentialsOf, type JqDataConfig } from "../config.ts";
import type { Journal } from "../library/journal.ts";
import type { ObjectStore } from "./object-store.ts";
import { prefixedStore } from "./prefixed-store.ts";
import { probeConditions } from "./probe.ts";
import { s3Store } from "./s3-store.ts";
import type { Syncer } from "./syncer.ts";

/** Several commits in a row go out together. */
const soonMs = 200;

export function bucketOf({ sync }: JqDataConfig): ObjectStore | undefined {
  if (sync === undefined) return undefined;
  return prefixedStore(s3Store({ ...sync, ...credentialsOf(sync) }), sync.prefix);
}

/** A bucket that cannot be reached now may be later; one that ignores conditions never will do: CONFIG_ERROR. */
export async function refuseUnsafe(store: ObjectStore, logger: Logger): Promise<void> {
  await probeConditions(store).catch((error) => {
    if (error instanceof ToolError && error.code === "CONFIG_ERROR") throw error;
    logger.warn("the bucket does not answer; the library works without it until it does", { err: error });
  });
}

/** Exchanges now, after every change here, and every so often; returns what ends it. */
export function keepInSync(
  sync: Syncer,
  journal: Journal,
  intervalSeconds: number,
  logger: Logger,
): () => Promise<void> {
  const exchange = () =>
    void sync.sync().catch((err) => logger.warn("sync failed; it is tried again", { err }));
  const timer = setInterval(exchange, intervalSeconds * 1_000);
  let soon: NodeJS.Timeout | undefined;
  journal.onCommit(() => {
    soon ??= setTimeout(() => {
      soon = undefined;
      exchange();
    }, soonMs);
  });
  exchange();
  return async () => {
    clearInterval(timer);
    clearTimeout(soon);
    await sync.close();
  };
}
