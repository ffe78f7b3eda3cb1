import { type ChildProcess, fork } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Operation, Reply } from "./protocol.ts";

export interface WorkerEntry {
  /** A module whose body calls runDuckdbWorker(). */
  readonly url: URL;
  /** Node flags, e.g. a TypeScript loader while developing. */
  readonly execArgv?: readonly string[];
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly pid: number | undefined;
  /** Resolves once the engine is loaded. */
  readonly ready: Promise<void>;
  readonly exited: Promise<Exit>;
  /** The last of what the child wrote to stderr; for the log. */
  stderr(): string;
  post(id: number, operation: Operation): void;
  kill(): void;
}

const stderrChars = 4_000;
const readyMs = 30_000;

/** Starts a worker. Its stdout goes nowhere: over stdio the parent's carries the protocol. */
export function startChild(entry: WorkerEntry, onReply: (reply: Reply) => void): Child {
  const file = fileURLToPath(entry.url);
  const proc = fork(file, [], {
    cwd: dirname(file),
    ...(entry.execArgv === undefined ? {} : { execArgv: [...entry.execArgv] }),
    env: childEnv(),
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let written = "";
  proc.stderr?.setEncoding("utf8").on("data", (text: string) => {
    written = (written + text).slice(-stderrChars);
  });
  const exited = new Promise<Exit>((resolve) => {
    proc.once("error", () => resolve({ code: null, signal: null }));
    proc.once("exit", (code, signal) => resolve({ code, signal }));
  });
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => proc.kill("SIGKILL"), readyMs);
    proc.on("message", (reply: Reply) => {
      if (reply.id !== 0) return onReply(reply);
      clearTimeout(timer);
      resolve();
    });
    exited.then(() => {
      clearTimeout(timer);
      reject(new Error(`the engine's process ended before it was ready: ${written}`));
    });
  });
  ready.catch(() => undefined);
  letGo(proc);
  return {
    pid: proc.pid,
    ready,
    exited,
    stderr: () => written,
    post: (id, operation) => {
      if (proc.connected) proc.send({ id, ...operation }, () => undefined);
    },
    kill: () => {
      // Whoever kills waits for the end of it.
      if (proc.exitCode === null && proc.signalCode === null) proc.ref();
      proc.kill("SIGKILL");
    },
  };
}

/** An idle child must not keep its parent alive; a request waiting for it does so by its own timer. */
function letGo(proc: ChildProcess): void {
  proc.unref();
  proc.channel?.unref();
  (proc.stderr as unknown as { unref?(): void } | null)?.unref?.();
}

/** No secrets of the parent: only what a process needs to run. */
function childEnv(): NodeJS.ProcessEnv {
  const kept = ["PATH", "TMPDIR", "TEMP", "TMP", "SystemRoot", "TZ", "LANG", "LC_ALL", "LD_LIBRARY_PATH"];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
