import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ToolError } from "../../error/tool-error.ts";
import type { CatalogFacts } from "./catalog-facts.ts";
import { type Child, type Exit, startChild, type WorkerEntry } from "./child.ts";
import type { Parsed, SqlParser } from "./parser.ts";
import { died, startFailed, stopping, timedOut, toolError } from "./process-failure.ts";
import type {
  Answers,
  EngineCaps,
  LockedSource,
  OpenInfo,
  Operation,
  Reply,
  RunRequest,
  RunResult,
} from "./protocol.ts";
import { cancelled, createSlots } from "./slots.ts";

export interface DuckdbProcessOptions {
  readonly worker: WorkerEntry;
  readonly source: LockedSource;
  readonly caps: Omit<EngineCaps, "tempDirectory">;
  /** Statements at once. */
  readonly concurrency: number;
  /** An unused database file is let go of after this, so that others can write it. */
  readonly idleMs?: number;
  /** Told of each child that ended by itself, for the log. */
  onCrash?(exit: Exit, stderr: string): void;
}

export interface Bounds {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** The engine in a process of its own. Failures are ToolErrors. */
export interface DuckdbProcess extends SqlParser {
  open(bounds: Bounds): Promise<OpenInfo>;
  catalog(bounds: Bounds): Promise<CatalogFacts>;
  run(request: RunRequest, bounds: Bounds): Promise<RunResult>;
  explain(request: RunRequest, analyze: boolean, bounds: Bounds): Promise<string>;
  parse(sql: string, signal?: AbortSignal): Promise<Parsed>;
  /** Another set of files or views, from the next statement on. */
  reopen(source: LockedSource, bounds: Bounds): Promise<OpenInfo>;
  readonly pid: number | undefined;
  close(): Promise<void>;
}

/** After an interrupt the child has this long to answer before it is killed. */
const graceMs = 1_000;
const parseMs = 5_000;
const openMs = 30_000;
const slotWaitMs = 10_000;
/** A read is sent again once when its child dies under it. */
const maxAttempts = 2;

interface Job {
  readonly operation: Operation;
  readonly bounds: Bounds;
  attempts: number;
  resolve(value: unknown): void;
  reject(error: ToolError): void;
  /** Stops timers and listeners of the attempt under way. */
  disarm(): void;
}

interface Running {
  readonly child: Child;
  /** Where the child spills data; its own, gone with it. */
  readonly tempDirectory: string;
  /** Opened with the current source. */
  readonly opened: Promise<OpenInfo>;
  readonly jobs: Map<number, Job>;
  /** We ended it, because of a job that has its answer already. */
  killed: boolean;
}

export function createDuckdbProcess(options: DuckdbProcessOptions): DuckdbProcess {
  const slots = createSlots(options.concurrency, slotWaitMs);
  let source = options.source;
  let running: Running | undefined;
  let nextId = 1;
  let closed = false;
  // While jobs of a crashed child are tried again one by one, nobody else gets in.
  let retrial: Promise<void> | undefined;

  function start(): Running {
    const jobs = new Map<number, Job>();
    const tempDirectory = mkdtempSync(join(tmpdir(), "duckdb-spill-"));
    const child = startChild(options.worker, (reply) => settle(jobs, reply));
    const opened = child.ready.then(() => openIn(child, jobs, openOperation(tempDirectory)));
    opened.catch(() => undefined);
    const made: Running = { child, tempDirectory, opened, jobs, killed: false };
    child.exited.then((exit) => onExit(made, exit));
    return made;
  }

  function openOperation(tempDirectory: string) {
    const caps = { ...options.caps, tempDirectory };
    return { op: "open", source, caps, idleMs: options.idleMs ?? 5_000 } as const;
  }

  function openIn(child: Child, jobs: Map<number, Job>, operation: Operation): Promise<OpenInfo> {
    return new Promise<OpenInfo>((resolve, reject) => {
      const id = nextId++;
      const timer = setTimeout(() => child.kill(), openMs);
      jobs.set(id, {
        operation,
        bounds: { timeoutMs: openMs },
        attempts: maxAttempts,
        resolve: (value) => resolve(value as OpenInfo),
        reject,
        disarm: () => clearTimeout(timer),
      });
      child.post(id, operation);
    });
  }

  function current(): Running {
    if (closed) throw new ToolError("UNAVAILABLE", "The server is stopping.");
    running ??= start();
    return running;
  }

  /** Sends a job to the child; a failed start is the job's failure. */
  async function dispatch(job: Job, at = current()): Promise<void> {
    job.attempts++;
    try {
      if (job.operation.op === "parse") await at.child.ready;
      else await at.opened;
    } catch (error) {
      if (running === at && job.operation.op !== "parse") forget(at);
      job.reject(error instanceof ToolError ? error : startFailed());
      return;
    }
    if (at !== running) return retry(job);
    const id = nextId++;
    arm(job, id, at);
    at.jobs.set(id, job);
    at.child.post(id, job.operation);
  }

  /** A child whose source did not open is of no use to the next caller. */
  function forget(at: Running): void {
    if (running === at) running = undefined;
    at.killed = true;
    at.child.kill();
  }

  function arm(job: Job, id: number, at: Running): void {
    const { signal, timeoutMs } = job.bounds;
    let grace: NodeJS.Timeout | undefined;
    const stop = (error: ToolError) => {
      job.disarm();
      const killLater = () => {
        job.reject(error);
        at.jobs.delete(id);
        at.killed = true;
        if (running === at) running = undefined;
        at.child.kill();
      };
      grace = setTimeout(killLater, graceMs);
      // The answer to come is the interrupt's; what the caller sees is why.
      at.jobs.set(id, {
        ...job,
        attempts: maxAttempts,
        resolve: () => job.reject(error),
        reject: () => job.reject(error),
        disarm: () => clearTimeout(grace),
      });
      at.child.post(nextId++, { op: "cancel", target: id });
    };
    const onAbort = () => stop(cancelled());
    const timer = setTimeout(() => stop(timedOut(timeoutMs)), timeoutMs);
    job.disarm = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  }

  function settle(jobs: Map<number, Job>, reply: Reply): void {
    const job = jobs.get(reply.id);
    if (job === undefined) return;
    jobs.delete(reply.id);
    job.disarm();
    if (reply.ok) job.resolve(reply.value);
    else job.reject(toolError(reply.failure));
  }

  function onExit(at: Running, exit: Exit): void {
    if (running === at) running = undefined;
    removeFolder(at.tempDirectory);
    if (!at.killed && !closed) options.onCrash?.(exit, at.child.stderr());
    const orphans = [...at.jobs.values()];
    at.jobs.clear();
    for (const job of orphans) job.disarm();
    const again = orphans.filter((job) => job.attempts < maxAttempts && !closed);
    for (const job of orphans) if (!again.includes(job)) job.reject(closed ? stopping() : died(exit));
    if (again.length === 0) return;
    // We know whom a kill was for; after a crash any of them may have caused it.
    if (at.killed) for (const job of again) retry(job);
    else retrial = (retrial ?? Promise.resolve()).then(() => oneByOne(again));
  }

  async function oneByOne(jobs: readonly Job[]): Promise<void> {
    for (const job of jobs) {
      await new Promise<void>((settled) => {
        const { resolve, reject } = job;
        dispatch({
          ...job,
          resolve: (value) => {
            resolve(value);
            settled();
          },
          reject: (error) => {
            reject(error);
            settled();
          },
        }).catch(() => settled());
      });
    }
  }

  function retry(job: Job): void {
    dispatch(job).catch((error: unknown) => job.reject(error instanceof ToolError ? error : startFailed()));
  }

  async function submit<Op extends Operation>(operation: Op, bounds: Bounds): Promise<Answers[Op["op"]]> {
    while (retrial !== undefined) {
      const waitedFor: Promise<void> = retrial;
      await waitedFor;
      if (retrial === waitedFor) retrial = undefined;
    }
    return new Promise((resolve, reject) => {
      const job: Job = {
        operation,
        bounds,
        attempts: 0,
        resolve: (value) => resolve(value as Answers[Op["op"]]),
        reject,
        disarm: () => {},
      };
      dispatch(job).catch(reject);
    });
  }

  async function limited<T>(bounds: Bounds, work: () => Promise<T>): Promise<T> {
    const release = await slots.take(bounds.signal);
    try {
      return await work();
    } finally {
      release();
    }
  }

  return {
    get pid() {
      return running?.child.pid;
    },
    open: (bounds) => limited(bounds, async () => current().opened),
    catalog: (bounds) => limited(bounds, () => submit({ op: "catalog" }, bounds)),
    run: (request, bounds) => limited(bounds, () => submit({ op: "run", request }, bounds)),
    explain: (request, analyze, bounds) =>
      limited(bounds, () => submit({ op: "explain", request, analyze }, bounds)),
    parse: (sql, signal) =>
      submit(
        { op: "parse", sql },
        signal === undefined ? { timeoutMs: parseMs } : { timeoutMs: parseMs, signal },
      ),
    reopen(next, bounds) {
      source = next;
      // A child that starts now opens the new source by itself.
      const at = running;
      return at === undefined ? current().opened : submit(openOperation(at.tempDirectory), bounds);
    },
    async close() {
      closed = true;
      const last = running;
      running = undefined;
      if (last === undefined) return;
      last.child.kill();
      await last.child.exited;
      await removeFolder(last.tempDirectory);
    },
  };
}

async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}
