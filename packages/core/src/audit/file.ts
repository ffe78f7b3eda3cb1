import { open, rename, stat } from "node:fs/promises";
import { type Linked, linkHead, linkRecord } from "./chain.ts";
import type { AuditEvent } from "./event.ts";
import { writeHead } from "./head-file.ts";
import { cannotOpen, openTrail } from "./open-trail.ts";
import { nextRotated } from "./rotated.ts";
import type { AuditSink } from "./sink.ts";

export interface FileSinkOptions {
  readonly path: string;
  /** Signs heads; without it whoever can write the file can also forge its end. */
  readonly key?: Uint8Array;
  /** When an event counts as kept: on the disk, or handed to the system and on the disk within a second. */
  readonly fsync?: "always" | "interval" | "never";
  /** The file is set aside at this size, and the chain goes on in a new one. */
  readonly maxBytes?: number;
  /** Events between two signed heads. */
  readonly headEvery?: number;
  /** Told of what was found on opening: a torn end, a damaged or shortened trail. */
  readonly onNotice?: (notice: string) => void;
  readonly now?: () => number;
}

interface Pending {
  readonly event: AuditEvent;
  resolve(): void;
  reject(error: unknown): void;
}

/** An append-only, hash-chained file, readable by its owner only. CONFIG_ERROR when it cannot be opened. */
export async function openFileSink(options: FileSinkOptions): Promise<AuditSink> {
  const { path, key } = options;
  const maxBytes = options.maxBytes ?? 64 * 1024 * 1024;
  const headEvery = options.headEvery ?? 100;
  const fsync = options.fsync ?? "interval";
  const ts = () => new Date((options.now ?? Date.now)()).toISOString();

  let { file, position, size, notice } = await openTrail(path, options.onNotice);
  let ino = (await file.stat()).ino;
  let pending: Pending[] = [];
  let flushing: Promise<void> | undefined;
  let sinceHead = 0;
  let unsynced = false;
  let uncut = false;
  let closed = false;

  try {
    await append([linkRecord(position, "start", { ts: ts(), pid: process.pid, ...notice })], true);
    await writeHead(path, position, { ts: ts(), closing: false }, key);
  } catch (cause) {
    await file.close();
    throw cannotOpen(cause);
  }

  const timer =
    fsync === "interval" ? setInterval(() => void sync().catch(() => undefined), 1_000) : undefined;
  timer?.unref();

  async function sync(): Promise<void> {
    if (!unsynced) return;
    unsynced = false;
    await file.datasync();
  }

  /** All of the lines, or none: a half-written batch is cut off again. */
  async function append(records: readonly Linked[], durable: boolean): Promise<void> {
    const bytes = Buffer.from(records.map((record) => record.line).join(""));
    try {
      await file.appendFile(bytes);
      if (durable) await file.datasync();
    } catch (error) {
      uncut = true;
      await cut().catch(() => undefined);
      throw error;
    }
    unsynced = !durable;
    size += bytes.length;
    position = records.at(-1)?.next ?? position;
  }

  async function cut(): Promise<void> {
    if (!uncut) return;
    await file.truncate(size);
    uncut = false;
  }

  /** Follows a file that was moved away; refuses one that somebody else wrote to. */
  async function checkFile(): Promise<void> {
    await cut();
    const there = await stat(path).catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    });
    if (there?.ino === ino) {
      if (there.size === size) return;
      throw new Error("The audit file was changed by something else.");
    }
    const next = await open(path, "a+", 0o600);
    const found = await next.stat();
    if (found.size > 0) {
      await next.close();
      throw new Error("The audit file was replaced by another one.");
    }
    await file.close();
    [file, ino, size] = [next, found.ino, 0];
  }

  async function rotate(): Promise<void> {
    await append([linkHead(position, false, ts(), key)], true);
    await rename(path, await nextRotated(path));
    await checkFile();
  }

  async function flush(batch: readonly Pending[]): Promise<void> {
    await checkFile();
    if (size >= maxBytes) await rotate();
    const records: Linked[] = [];
    let at = position;
    for (const { event } of batch) {
      const linked = linkRecord(at, "event", event);
      records.push(linked);
      at = linked.next;
    }
    await append(records, fsync === "always");
  }

  async function flushAll(): Promise<void> {
    while (pending.length > 0) {
      const batch = pending;
      pending = [];
      try {
        await flush(batch);
      } catch (error) {
        for (const one of batch) one.reject(error);
        continue;
      }
      for (const one of batch) one.resolve();
      sinceHead += batch.length;
      if (sinceHead < headEvery) continue;
      sinceHead = 0;
      // The events are kept; a head that fails now is made up for by the next.
      await sign(false).catch(() => undefined);
    }
    flushing = undefined;
  }

  async function sign(closing: boolean): Promise<void> {
    await append([linkHead(position, closing, ts(), key)], true);
    await writeHead(path, position, { ts: ts(), closing }, key);
  }

  return {
    write(event) {
      if (closed) return Promise.reject(new Error("The audit file is closed."));
      return new Promise<void>((resolve, reject) => {
        pending.push({ event, resolve, reject });
        flushing ??= flushAll();
      });
    },
    async close() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      await flushing;
      try {
        await checkFile();
        await sign(true);
      } finally {
        await file.close();
      }
    },
  };
}
