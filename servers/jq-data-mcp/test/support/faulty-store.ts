import { createHash } from "node:crypto";
import { ToolError } from "@mcp-data/core";
import type { ObjectStore } from "../../src/sync/object-store.ts";

export interface Faults {
  /** Chance of a lost reply, after the write happened. */
  lostReply: number;
  /** Chance of a failure before anything happens. */
  failure: number;
  /** Chance that a conditional write is refused though it would fit, as 409 does. */
  busy: number;
}

/** A bucket in memory whose network is as bad as one likes. */
export function faultyStore(
  faults: Faults = { lostReply: 0, failure: 0, busy: 0 },
  random: () => number = Math.random,
  now = Date.now,
) {
  const objects = new Map<string, { body: Uint8Array; etag: string; at: number }>();
  const counts = { requests: 0 };
  let pause: { readonly on: (key: string) => boolean; readonly held: (() => void)[] } | undefined;
  const broken = () => new ToolError("UPSTREAM_ERROR", "injected failure");
  const enter = async () => {
    counts.requests += 1;
    await Promise.resolve();
    if (random() < faults.failure) throw broken();
  };
  const store: ObjectStore = {
    async get(key) {
      await enter();
      const found = objects.get(key);
      return found && { body: found.body, etag: found.etag };
    },
    async getIfChanged(key, etag) {
      await enter();
      const found = objects.get(key);
      return found?.etag === etag ? "same" : found && { body: found.body, etag: found.etag };
    },
    async put(key, body, condition) {
      await enter();
      if (pause?.on(key)) {
        const { held } = pause;
        pause = undefined;
        await new Promise<void>((resolve) => held.push(resolve));
      }
      if (condition !== undefined && random() < faults.busy) return { kind: "refused" };
      const current = objects.get(key);
      if (condition !== undefined && "ifAbsent" in condition && current !== undefined)
        return { kind: "refused" };
      if (condition !== undefined && "ifMatch" in condition && current?.etag !== condition.ifMatch)
        return { kind: "refused" };
      const etag = `"${createHash("md5").update(body).digest("hex")}"`;
      objects.set(key, { body: new Uint8Array(body), etag, at: now() });
      if (random() < faults.lostReply) throw broken();
      return { kind: "stored", etag };
    },
    async list(prefix) {
      await enter();
      return [...objects]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, { body, etag, at }]) => ({
          key,
          etag,
          size: body.length,
          changedAt: new Date(at).toISOString(),
        }));
    },
    async delete(key) {
      await enter();
      objects.delete(key);
    },
  };
  return {
    store,
    objects,
    faults,
    counts,
    /** The next such write stands still until one of `held` is called. */
    pauseNext(on: (key: string) => boolean, held: (() => void)[]) {
      pause = { on, held };
    },
    resume(held: (() => void)[]) {
      pause = undefined;
      for (const go of held.splice(0)) go();
    },
  };
}
