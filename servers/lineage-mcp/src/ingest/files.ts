import { createHash } from "node:crypto";
import { closeSync, constants, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";

export interface EventFile {
  /** Relative to the events folder: the folder may be moved. */
  readonly path: string;
  readonly absolute: string;
  /** Whose files are read in order; what another wrote has nothing to do with it. */
  readonly writer: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** All event files in reading order. */
export function listEventFiles(folder: string): EventFile[] {
  return statInOrder(folder, eventNames(folder));
}

export function eventNames(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".jsonl"),
    );
  } catch {
    return [];
  }
}

/** Files that others refer to last: operations before the events that end a run. Links are not followed. */
export function statInOrder(folder: string, names: Iterable<string>): EventFile[] {
  const found: EventFile[] = [];
  // Sizes are taken in the opposite order of reading: what a file refers to was written before.
  for (const { name, writer } of [...names].map(placeOf).sort((a, b) => byPlace(b, a))) {
    const absolute = join(folder, name);
    const stat = lstatSync(absolute, { throwIfNoEntry: false });
    if (stat?.isFile()) found.push({ path: name, absolute, writer, size: stat.size, mtimeMs: stat.mtimeMs });
  }
  return found.reverse();
}

interface Place {
  readonly name: string;
  /** What one process wrote, or all imports. */
  readonly writer: string;
  readonly family: number;
  readonly part: number;
}

function placeOf(name: string): Place {
  const parts = /^(.*?)_?(dataframe_lineage|lineage|runtime)(?:_events)?(?:\.(\d+))?\.jsonl$/.exec(name);
  const family = parts?.[2] ?? (name.includes("dataframe") ? "dataframe_lineage" : "");
  return {
    name,
    writer: name.startsWith("import_") ? "import_" : (parts?.[1] ?? name),
    family: family === "dataframe_lineage" ? 0 : family === "lineage" ? 1 : 2,
    part: Number(parts?.[3] ?? 0),
  };
}

export function byReadingOrder(a: EventFile, b: EventFile): number {
  return byPlace(placeOf(a.path), placeOf(b.path));
}

function byPlace(a: Place, b: Place): number {
  return compare(a.writer, b.writer) || a.family - b.family || a.part - b.part || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
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

const readFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Into memory of its own, or the caller's where that is large enough. */
export function readRange(absolute: string, start: number, length: number, into?: Buffer): Buffer {
  const buffer = into !== undefined && into.length >= length ? into : Buffer.allocUnsafe(length);
  const fd = openSync(absolute, readFlags);
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
