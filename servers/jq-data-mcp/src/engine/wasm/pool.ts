import { availableParallelism } from "node:os";
import { ToolError } from "@mcp-data/core";
import type { Engine, EngineStats } from "../engine.ts";
import { busy, cancelled, reportedFailure, stopped, timedOut } from "../failures.ts";
import { createFairQueue } from "../fair-queue.ts";
import { createShares } from "../shares.ts";
import { prepareModule } from "./module.ts";
import type { WorkerAnswer } from "./protocol.ts";
import { createRepertoires } from "./repertoires.ts";
import { demote, demoteEveryMs, endSlot, isHeld, longRunMs, post, type Slot, startSlot } from "./slot.ts";
import { finish, flagsOf, messageOf, type Task } from "./task.ts";
import { workerUrl } from "./worker-url.ts";

export interface PoolOptions {
  /** Workers kept; more start while all are held by long runs. */
  readonly size?: number;
  readonly maxSize?: number;
  /** Runs of one owner at a time. */
  readonly perOwner?: number;
  readonly maxWaiting?: number;
  readonly maxWaitingPerOwner?: number;
  readonly memoryBytes: number;
  readonly recycleAfter?: number;
  readonly nice?: number;
  /** Milliseconds between two changes of the programs that stay compiled. */
  readonly restMs?: number;
  /** Another build of the engine. */
  readonly wasmPath?: string;
}

const idleMs = 10_000;
const maxWaitMs = 15_000;
/** A run that may have to be killed leaves a worker to the others, whose start they would wait for, but not for ever. */
const struckPatienceMs = 2_000;

/** jq in worker threads: a run that overstays is ended with its thread, nobody else notices. */
export async function openWasmPool(options: PoolOptions): Promise<Engine> {
  const size = options.size ?? Math.max(2, availableParallelism());
  const maxSize = Math.max(size, options.maxSize ?? size + 14);
  const perOwner = options.perOwner ?? 2;
  const maxWaiting = options.maxWaiting ?? 1_000;
  const maxWaitingPerOwner = options.maxWaitingPerOwner ?? 200;
  const prepared = await prepareModule(options.memoryBytes, options.wasmPath);
  const url = await workerUrl();
  const workerData = {
    ...prepared,
    recycleAfter: options.recycleAfter ?? 400,
    nice: options.nice ?? 5,
  };

  const slots = new Set<Slot>();
  const shares = createShares({
    perOwner,
    forStruck: Math.max(1, Math.floor(availableParallelism() / 2)),
    maxWaiting: maxWaitingPerOwner,
    crowded: () => slots.size >= maxSize / 2 && [...slots].filter(isHeld).length >= maxSize / 2,
  });
  const queue = createFairQueue<Task>();
  const repertoires = createRepertoires(options.restMs);
  let failedStarts = 0;
  let closed = false;
  let runs = 0;
  let compiled = 0;
  let killed = 0;
  let nextId = 1;
  /** Since when a struck owner waits for a worker nobody else would miss. */
  let struckWaitSince = Number.POSITIVE_INFINITY;
  let growTimer: NodeJS.Timeout | undefined;

  function start(): void {
    slots.add(startSlot(url, workerData, onAnswer, lose));
  }

  function onAnswer(slot: Slot, answer: WorkerAnswer): void {
    if (answer.kind === "unfit") {
      lose(slot, new Error(`self-test failed: ${answer.reason}`));
      return;
    }
    if (answer.kind === "no_repertoire") {
      repertoires.refuse(answer.version);
      return;
    }
    slot.since = Date.now();
    if (answer.kind === "ready") {
      slot.ready = true;
      slot.thread = answer.thread;
      failedStarts = 0;
      engine.version.jq = answer.version.replace(/^jq-/, "");
      onStarted?.();
      dispatch();
      return;
    }
    const { task } = slot;
    slot.task = undefined;
    if (task !== undefined) {
      shares.leave(task.job.owner);
      if (answer.kind === "stopped" || !answer.together) compiled += 1;
      if (answer.kind === "stopped") {
        finish(task, () => task.reject(stopped(answer.stop, answer.detail, answer.stderr)));
      } else {
        const failure = reportedFailure(answer.exitCode, answer.stderr);
        if (failure === undefined) repertoires.succeeded(task.job);
        finish(task, () =>
          failure === undefined ? task.resolve({ ...answer, engine: engine.version }) : task.reject(failure),
        );
      }
    }
    if (slot.demoted) {
      slots.delete(slot);
      void slot.worker.terminate();
    }
    dispatch();
  }

  /** A worker is gone or of no use: whoever waited for it is told, and another takes its place when needed. */
  function lose(slot: Slot, error: unknown): void {
    if (!slots.delete(slot)) return;
    void slot.worker.terminate();
    if (!slot.ready) failedStarts += 1;
    const { task } = slot;
    slot.task = undefined;
    if (task !== undefined) {
      shares.leave(task.job.owner);
      finish(task, () => task.reject(stopped("crash", String(error), "")));
    }
    if (failedStarts >= 3) {
      const failure = new ToolError("UNAVAILABLE", "The jq engine does not start.", { cause: error });
      for (const waiting of queue.drain()) finish(waiting, () => waiting.reject(failure));
      onFailedStart?.(failure);
      return;
    }
    if (!closed) dispatch();
  }
  let onFailedStart: ((error: unknown) => void) | undefined;
  let onStarted: (() => void) | undefined;

  async function kill(slot: Slot): Promise<void> {
    killed += 1;
    slots.delete(slot);
    if (slot.task !== undefined) shares.leave(slot.task.job.owner);
    slot.task = undefined;
    const ended = endSlot(slot);
    dispatch();
    await ended;
  }

  function dispatch(): void {
    if (closed) return;
    let idle = [...slots].filter((slot) => slot.ready && slot.task === undefined).length;
    let spareWanted = false;
    const mayStart = (owner: string) => {
      if (!shares.mayStart(owner)) return false;
      if (!shares.isStruck(owner) || idle > 1 || slots.size >= maxSize) return true;
      if (Date.now() - struckWaitSince > struckPatienceMs) return true;
      spareWanted = true;
      return false;
    };
    for (const slot of slots) {
      if (!slot.ready || slot.task !== undefined) continue;
      const task = queue.next(mayStart);
      if (task === undefined) break;
      if (shares.isStruck(task.job.owner)) struckWaitSince = Number.POSITIVE_INFINITY;
      hand(task, slot);
      idle -= 1;
    }
    if (spareWanted) {
      struckWaitSince = Math.min(struckWaitSince, Date.now());
      if (slots.size < maxSize && ![...slots].some((slot) => !slot.ready)) start();
    }
    const free = [...slots].filter((slot) => slot.task === undefined).length;
    if (slots.size < size && (queue.size > free || slots.size === 0)) start();
    if (free === 0 && growTimer === undefined) {
      growTimer = setTimeout(grow, longRunMs);
      growTimer.unref();
    }
  }

  /** While every worker is held by a long run one more stands by: starting it only when asked for is too late. */
  function grow(): void {
    growTimer = undefined;
    if (closed || [...slots].some((slot) => slot.task === undefined)) return;
    const held = [...slots].every(isHeld);
    if (held && slots.size < maxSize) start();
    else if (slots.size < maxSize) {
      growTimer = setTimeout(grow, longRunMs);
      growTimer.unref();
    }
  }

  function hand(task: Task, slot: Slot): void {
    const { job } = task;
    slot.task = task;
    slot.since = Date.now();
    shares.enter(job.owner);
    runs += 1;
    clearTimeout(task.timer);
    task.timer = setTimeout(() => {
      shares.strike(job.owner);
      void kill(slot).then(() => finish(task, () => task.reject(timedOut(job.limits.timeoutMs))));
    }, job.limits.timeoutMs);
    const place = prepared.hooked ? repertoires.placeOf(job) : undefined;
    const isNews = place !== undefined && place.version !== slot.repertoire;
    if (isNews) slot.repertoire = place.version;
    const { message, moved } = messageOf(task, nextId++, {
      place,
      repertoire: isNews ? repertoires.current : undefined,
    });
    post(slot, message, moved);
  }

  const sweeper = setInterval(() => {
    for (const slot of slots) {
      const idle = slot.task === undefined && slot.ready && Date.now() - slot.since > idleMs;
      if (slots.size <= size || !idle) continue;
      slots.delete(slot);
      void slot.worker.terminate();
    }
  }, idleMs);
  sweeper.unref();
  const demoter = setInterval(() => {
    for (const slot of slots) demote(slot, shares.isStruck);
  }, demoteEveryMs);
  demoter.unref();

  const engine: Engine & { version: { kind: "wasm"; jq: string } } = {
    version: { kind: "wasm", jq: "" },
    run(job) {
      return new Promise((resolve, reject) => {
        if (closed) return reject(busy("queue_full"));
        if (job.signal?.aborted) return reject(cancelled());
        const flags = flagsOf(job);
        if (queue.size >= maxWaiting || queue.sizeOf(job.owner) >= shares.mayWait(job.owner)) {
          return reject(busy("queue_full"));
        }
        const task: Task = { job, flags, resolve, reject, settled: false };
        task.timer = setTimeout(() => {
          queue.remove(job.owner, task);
          finish(task, () => reject(busy("waited_too_long")));
        }, maxWaitMs);
        task.onAbort = () => {
          const end = () => finish(task, () => reject(cancelled()));
          queue.remove(job.owner, task);
          const slot = [...slots].find((one) => one.task === task);
          if (slot === undefined) end();
          else void kill(slot).then(end);
        };
        job.signal?.addEventListener("abort", task.onAbort, { once: true });
        queue.push(job.owner, task);
        dispatch();
      });
    },
    stats: (): EngineStats => ({
      workers: slots.size,
      busy: [...slots].filter((slot) => slot.task !== undefined).length,
      waiting: queue.size,
      runs,
      compiled,
      killed,
    }),
    async close() {
      closed = true;
      clearInterval(sweeper);
      clearInterval(demoter);
      clearTimeout(growTimer);
      for (const task of queue.drain()) finish(task, () => task.reject(busy("queue_full")));
      await Promise.all(
        [...slots].map((slot) => {
          const { task } = slot;
          if (task !== undefined) finish(task, () => task.reject(cancelled()));
          slots.delete(slot);
          return slot.worker.terminate();
        }),
      );
    },
  };

  await new Promise<void>((resolve, reject) => {
    onStarted = resolve;
    onFailedStart = reject;
    start();
  });
  onStarted = undefined;
  onFailedStart = undefined;
  return engine;
}
