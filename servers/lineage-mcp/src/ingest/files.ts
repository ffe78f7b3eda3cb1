import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";

export interface EventFile {
  /** Relative to the events folder: the folder may be moved. */
  readonly path: string;
  readonly absolute: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** Event files, those that others refer to last: operations before the events that end a run. */
export function listEventFiles(folder: string): EventFile[] {
  const found: EventFile[] = [];
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    return found;
  }
  // Sizes are taken in the opposite order of reading: what a file refers to was written before.
  for (const path of names
    .filter((name) => name.endsWith(".jsonl"))
    .sort((a, b) => orderOf(b) - orderOf(a) || byName(b, a))) {
    const absolute = join(folder, path);
    const stat = statSync(absolute, { throwIfNoEntry: false });
    if (stat?.isFile()) found.push({ path, absolute, size: stat.size, mtimeMs: stat.mtimeMs });
  }
  return found.reverse();
}

function orderOf(name: string): number {
  if (name.includes("dataframe")) return 0;
  return name.includes("lineage") ? 1 : 2;
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

/** Tells a file from another that took its name: by its own first bytes. */
export function fileKey(absolute: string): string | undefined {
  const head = readRange(absolute, 0, 512);
  const end = head.indexOf(10);
  if (end < 0 && head.length < 512) return undefined;
  return createHash("sha256")
    .update(head.subarray(0, end < 0 ? 512 : end))
    .digest("hex")
    .slice(0, 24);
}

export function readRange(absolute: string, start: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  const fd = openSync(absolute, "r");
  try {
    let done = 0;
    while (done < length) {
      const count = readSync(fd, buffer, done, length - done, start + done);
      if (count === 0) break;
      done += count;
    }
    return buffer.subarray(0, done);
  } finally {
    closeSync(fd);
  }
}
