import { rmSync } from "node:fs";
import { stat } from "node:fs/promises";
import { isToolError, ToolError } from "../../error/tool-error.ts";
import { engineFailure, staleFile } from "./engine-failure.ts";
import { openEngineParser } from "./engine-parser.ts";
import { createLease, type Lease } from "./lease.ts";
import { openLocked } from "./locked.ts";
import { watchMemory } from "./memory-watch.ts";
import { type EngineFailure, type Operation, outOfMemoryExit, type Reply, type Request } from "./protocol.ts";
import { readCatalog } from "./read-catalog.ts";

type OpenOperation = Extract<Operation, { op: "open" }>;

/**
 * The child process that holds the engine: answers requests of its parent until the channel closes.
 * Meant as the whole body of a build entry; returns when the engine is loaded.
 */
export async function runDuckdbWorker(): Promise<void> {
  let spill: string | undefined;
  // Parent gone: nothing to finish for, and a busy engine must not outlive it.
  process.once("disconnect", () => {
    if (spill !== undefined) rmSync(spill, { recursive: true, force: true });
    process.kill(process.pid, "SIGKILL");
  });
  const api = await import("@duckdb/node-api");
  const parser = await openEngineParser(api);
  const running = new Map<number, () => void>();
  let lease: Lease | undefined;
  let paths: readonly string[] = [];
  let unwatch = () => {};

  async function open({ source, caps, idleMs }: OpenOperation) {
    paths = source.kind === "file" ? [source.path] : source.files;
    const files = paths;
    spill = caps.tempDirectory;
    const before = lease;
    const next = createLease({
      open: () => openLocked(api, source, caps),
      identity: () => identityOf(files),
      idleMs,
      generation: (before?.generation ?? 0) + 1,
    });
    const info = await next.use(async (instance) => instance.info);
    lease = next;
    before?.retire();
    unwatch();
    unwatch = watchMemory(caps.memoryLimit, () => process.exit(outOfMemoryExit));
    return info;
  }

  async function answer(request: Request): Promise<unknown> {
    switch (request.op) {
      case "open":
        return open(request);
      case "parse":
        return parser.parse(request.sql);
      case "cancel":
        running.get(request.target)?.();
        return null;
      case "catalog": {
        await lease?.refresh();
        return opened(lease).use(async (instance, generation) => {
          const session = await instance.session();
          try {
            const facts = await readCatalog(session.connection, instance.info.database);
            return { ...facts, generation, failed: instance.info.failed };
          } finally {
            session.close();
          }
        });
      }
      case "run":
      case "explain":
        return opened(lease).use(async (instance, generation) => {
          const wanted = request.request.generation;
          if (wanted !== undefined && wanted !== generation) {
            const { code, message, reason } = staleFile();
            throw new ToolError(code, message, { details: { reason } });
          }
          const session = await instance.session();
          running.set(request.id, () => session.interrupt());
          try {
            return await (request.op === "run"
              ? session.run(request.request)
              : session.explain(request.request, request.analyze));
          } finally {
            running.delete(request.id);
            session.close();
          }
        });
    }
  }

  process.on("message", (request: Request) => {
    answer(request).then(
      (value) => reply({ id: request.id, ok: true, value }),
      (error: unknown) => {
        const failure = failureOf(error, paths);
        reply({ id: request.id, ok: false, failure });
        // The engine refuses everything after such an error; a fresh child does not.
        if (failure.reason === "engine_failed") process.disconnect();
      },
    );
  });
  reply({ id: 0, ok: true, value: null });
}

function reply(message: Reply): void {
  if (process.connected) process.send?.(message);
}

function opened(lease: Lease | undefined): Lease {
  if (lease === undefined) throw new Error("the source is not open");
  return lease;
}

function failureOf(error: unknown, paths: readonly string[]): EngineFailure {
  if (!isToolError(error)) return engineFailure(error, paths);
  const reason = error.details?.reason;
  return {
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(typeof reason === "string" ? { reason } : {}),
  };
}

/** Changes when a file is replaced or rewritten. */
async function identityOf(files: readonly string[]): Promise<string> {
  const parts = await Promise.all(
    files.map(async (file) => {
      const found = await stat(file, { bigint: true }).catch(() => undefined);
      return found === undefined ? "-" : `${found.ino}:${found.size}:${found.mtimeNs}`;
    }),
  );
  return parts.join();
}
