import { ToolError } from "@mcp-data/core";
import type { ObjectStore } from "../../src/sync/object-store.ts";
import { memoryStore } from "./memory-store.ts";

export interface Faults {
  /** Chance of a lost reply, after the write happened. */
  lostReply: number;
  /** Chance of a failure before anything happens. */
  failure: number;
  /** Chance that a conditional write is refused though it would fit, as 409 does. */
  busy: number;
}

const none: Faults = { lostReply: 0, failure: 0, busy: 0 };

/** A bucket behind a network as bad as one likes. */
export function withFaults(inner: ObjectStore, faults: Faults = none, random: () => number = Math.random) {
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
      return inner.get(key);
    },
    async getIfChanged(key, etag) {
      await enter();
      return inner.getIfChanged(key, etag);
    },
    async put(key, body, condition) {
      await enter();
      if (pause?.on(key)) {
        const { held } = pause;
        pause = undefined;
        await new Promise<void>((resolve) => held.push(resolve));
      }
      if (condition !== undefined && random() < faults.busy) return { kind: "refused" };
      const answer = await inner.put(key, body, condition);
      if (answer.kind === "stored" && random() < faults.lostReply) throw broken();
      return answer;
    },
    async list(prefix) {
      await enter();
      return inner.list(prefix);
    },
    async delete(key) {
      await enter();
      return inner.delete(key);
    },
  };
  return {
    store,
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

/** The same in memory. */
export function faultyStore(faults?: Faults, random?: () => number, now = Date.now) {
  const { store, objects } = memoryStore(now);
  return { ...withFaults(store, faults, random), objects };
}
