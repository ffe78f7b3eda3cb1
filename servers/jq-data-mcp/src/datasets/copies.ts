import { createHash } from "node:crypto";
import {
  createWriteStream,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ToolError } from "@mcp-data/core";
import { type OpenedFile, openWithin } from "./open-file.ts";

export interface Copies {
  /** The copy under this key, made from `source` when there is none; kept at least until it is closed. */
  open(key: string, source: () => AsyncIterable<Uint8Array>, bytes?: number): Promise<OpenedFile>;
  readonly usedBytes: number;
}

interface Copy {
  bytes: number;
  readers: number;
}

/** Files of what cannot be read in place, on a bounded part of the disk: the longest unused ones go first. */
export function createCopies(folder: string, budgetBytes: number): Copies {
  // The order is that of use: the first is the longest unused.
  const copies = new Map<string, Copy>();
  const making = new Map<string, Promise<void>>();
  let used = 0;
  let root: string | undefined;

  /** What an earlier process left: its copies are good, its half-made ones are not. */
  function adopt(): string {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      const maker = /\.(\d+)\.part$/.exec(name)?.[1];
      if (maker !== undefined) {
        if (!isRunning(Number(maker))) rmSync(path, { force: true });
        return [];
      }
      const stats = statSync(path, { throwIfNoEntry: false });
      return /^[0-9a-f]{32}$/.test(name) && stats?.isFile() ? [{ name, stats }] : [];
    });
    for (const { name, stats } of found.sort((a, b) => a.stats.mtimeMs - b.stats.mtimeMs)) {
      copies.set(name, { bytes: stats.size, readers: 0 });
      used += stats.size;
    }
    makeRoom(0);
    return realpathSync(folder);
  }

  function makeRoom(bytes: number): void {
    for (const [name, copy] of copies) {
      if (used + bytes <= budgetBytes) return;
      if (copy.readers > 0) continue;
      rmSync(join(folder, name), { force: true });
      copies.delete(name);
      used -= copy.bytes;
    }
    if (used + bytes > budgetBytes) throw noRoom(budgetBytes);
  }

  async function make(name: string, source: () => AsyncIterable<Uint8Array>): Promise<void> {
    const part = join(folder, `${name}.${process.pid}.part`);
    let bytes = 0;
    const metered = async function* () {
      for await (const chunk of source()) {
        makeRoom(chunk.length);
        bytes += chunk.length;
        used += chunk.length;
        yield chunk;
      }
    };
    try {
      await pipeline(metered, createWriteStream(part, { mode: 0o600 }));
      await rename(part, join(folder, name));
      copies.set(name, { bytes, readers: 0 });
    } catch (error) {
      used -= bytes;
      await rm(part, { force: true });
      throw (error as { code?: string }).code === "ENOSPC" ? noRoom(budgetBytes) : error;
    }
  }

  function opened(name: string): OpenedFile | undefined {
    const copy = copies.get(name);
    if (copy === undefined) return undefined;
    const path = join(folder, name);
    let file: OpenedFile;
    try {
      file = openWithin(path, [root as string]);
      utimesSync(path, new Date(), new Date());
    } catch {
      // Another process shares the folder and needed the room.
      copies.delete(name);
      used -= copy.bytes;
      return undefined;
    }
    copies.delete(name);
    copies.set(name, copy);
    copy.readers += 1;
    let open = true;
    return {
      ...file,
      version: name,
      assertUnchanged: () => undefined,
      close() {
        if (open) copy.readers -= 1;
        open = false;
        file.close();
      },
    };
  }

  return {
    get usedBytes() {
      return used;
    },
    async open(key, source, bytes = 0) {
      root ??= adopt();
      if (bytes > budgetBytes) throw noRoom(budgetBytes);
      const name = createHash("sha256").update(key).digest("hex").slice(0, 32);
      for (let attempt = 0; ; attempt += 1) {
        const ready = opened(name);
        if (ready !== undefined) return ready;
        if (attempt === 3) throw noRoom(budgetBytes);
        let running = making.get(name);
        if (running === undefined) {
          running = make(name, source).finally(() => making.delete(name));
          making.set(name, running);
        }
        await running;
      }
    },
  };
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

function noRoom(budget: number): ToolError {
  return new ToolError(
    "COST_LIMIT_EXCEEDED",
    `Copies of data may take ${budget} bytes; this one has no room.`,
    {
      hint: "Ask the operator for a larger cache.data_mb, or try again when other runs have ended.",
      details: { reason: "no_room" },
    },
  );
}
