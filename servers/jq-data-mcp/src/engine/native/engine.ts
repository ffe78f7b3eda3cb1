import { availableParallelism } from "node:os";
import { isToolError } from "@mcp-data/core";
import type { Engine, EngineResult, Job } from "../engine.ts";
import { busy, cancelled } from "../failures.ts";
import { createFairQueue } from "../fair-queue.ts";
import { createShares } from "../shares.ts";
import type { NativeJq } from "./find.ts";
import { runNative } from "./run.ts";

export interface NativeEngineOptions {
  readonly jq: NativeJq;
  readonly maxRunning?: number;
  readonly maxWaiting?: number;
}

/** A process per run, few at a time, owners in turn. */
export function openNativeEngine(options: NativeEngineOptions): Engine {
  const { jq, maxRunning = 2 + availableParallelism(), maxWaiting = 100 } = options;
  const queue = createFairQueue<{ job: Job; start(): void; refuse(error: Error): void }>();
  const shares = createShares({
    perOwner: 2,
    maxWaiting,
    crowded: () => busyRuns >= maxRunning - 1,
    forStruck: 1,
  });
  let busyRuns = 0;
  let runs = 0;
  let killed = 0;
  let closed = false;

  const next = () => {
    while (!closed && busyRuns < maxRunning) {
      const waiting = queue.next(shares.mayStart);
      if (waiting === undefined) return;
      busyRuns += 1;
      runs += 1;
      shares.enter(waiting.job.owner);
      waiting.start();
    }
  };
  const done = (owner: string) => {
    busyRuns -= 1;
    shares.leave(owner);
    next();
  };
  return {
    version: { kind: "native", jq: jq.version },
    run(job) {
      return new Promise<EngineResult>((resolve, reject) => {
        if (closed || queue.size >= maxWaiting || queue.sizeOf(job.owner) >= shares.mayWait(job.owner))
          return reject(busy("queue_full"));
        if (job.signal?.aborted) return reject(cancelled());
        const settle = () => {
          clearTimeout(timer);
          job.signal?.removeEventListener("abort", onAbort);
        };
        const waiting = {
          job,
          start() {
            settle();
            runNative(jq, job)
              .then(resolve, (error) => {
                if (isToolError(error) && error.code === "QUERY_TIMEOUT") {
                  killed += 1;
                  shares.strike(job.owner);
                }
                reject(error);
              })
              .finally(() => done(job.owner));
          },
          refuse(error: Error) {
            settle();
            queue.remove(job.owner, waiting);
            reject(error);
          },
        };
        const onAbort = () => waiting.refuse(cancelled());
        const timer = setTimeout(() => waiting.refuse(busy("waited_too_long")), job.limits.timeoutMs);
        job.signal?.addEventListener("abort", onAbort, { once: true });
        queue.push(job.owner, waiting);
        next();
      });
    },
    stats: () => ({ workers: busyRuns, busy: busyRuns, waiting: queue.size, runs, compiled: runs, killed }),
    async close() {
      closed = true;
      for (const waiting of queue.drain()) waiting.refuse(busy("queue_full"));
    },
  };
}
