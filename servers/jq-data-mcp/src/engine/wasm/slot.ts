import { Worker } from "node:worker_threads";
import { setNice } from "./priority.ts";
import type { WorkerAnswer, WorkerData, WorkerJob } from "./protocol.ts";
import type { Task } from "./task.ts";

/** A worker and what it is at. */
export interface Slot {
  readonly worker: Worker;
  ready: boolean;
  /** Of the operating system; 0 where it has no priority of its own. */
  thread: number;
  /** Its thread cannot get its priority back, so it ends with its run. */
  demoted: boolean;
  task: Task | undefined;
  since: number;
  /** Version of the repertoire it was told last. */
  repertoire: number;
  readonly bell: Int32Array;
}

/** Runs longer than this do not count on their worker being free soon. */
export const longRunMs = 40;
/** From here on a run gives way to everybody else's; its thread cannot be used again. */
const demoteAfterMs = 250;
/** The same for whoever had a run killed. */
const demoteStruckAfterMs = 50;
export const demoteEveryMs = 50;
const demotedNice = 10;

export function startSlot(
  url: URL,
  data: Omit<WorkerData, "bell">,
  onAnswer: (slot: Slot, answer: WorkerAnswer) => void,
  onLost: (slot: Slot, error: unknown) => void,
): Slot {
  const bell = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(url, {
    workerData: { ...data, bell } satisfies WorkerData,
    stdout: true,
    stderr: true,
    env: {},
    argv: [],
    execArgv: [],
  });
  const slot: Slot = {
    worker,
    ready: false,
    thread: 0,
    demoted: false,
    task: undefined,
    since: Date.now(),
    repertoire: 0,
    bell,
  };
  worker.unref();
  worker.on("message", (answer: WorkerAnswer) => onAnswer(slot, answer));
  worker.on("error", (error) => onLost(slot, error));
  worker.on("exit", () => onLost(slot, new Error("the worker ended")));
  return slot;
}

export function post(slot: Slot, message: WorkerJob, moved: ArrayBuffer[]): void {
  slot.worker.postMessage(message, moved);
  Atomics.add(slot.bell, 0, 1);
  Atomics.notify(slot.bell, 0);
}

/** Resolves when its thread has ended: only then may the caller close what it was reading. */
export async function endSlot(slot: Slot): Promise<void> {
  // Its thread has to run to end; where it is not allowed it ends a little later.
  if (slot.demoted) setNice(slot.thread, 0);
  await slot.worker.terminate();
}

export function isHeld(slot: Slot): boolean {
  return slot.task !== undefined && Date.now() - slot.since >= longRunMs;
}

/** Endless programs may burn what is left over, no more. */
export function demote(slot: Slot, isStruck: (owner: string) => boolean): void {
  if (slot.demoted || slot.task === undefined) return;
  const after = isStruck(slot.task.job.owner) ? demoteStruckAfterMs : demoteAfterMs;
  if (Date.now() - slot.since < after) return;
  slot.demoted = setNice(slot.thread, demotedNice);
}
