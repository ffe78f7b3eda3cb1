import { lstatSync } from "node:fs";
import { dirname, join } from "node:path";
import { type EventFile, eventNames, statInOrder } from "./files.ts";

export interface EventFolder {
  /** Files that may have grown since the last call, in reading order. */
  look(): EventFile[];
  /** A notification named it. */
  notice(name: string): void;
  readonly count: number;
  /** As they were last seen. */
  sizes(): Iterable<readonly [name: string, size: number]>;
}

export interface EventFolderOptions {
  /** Files that are looked at every time: those that changed last. */
  readonly hot?: number;
  /** All files are looked at this often, whatever was noticed. */
  readonly everyMs?: number;
  /** As files have it. */
  readonly now?: () => number;
  /** Of a clock nobody sets. */
  readonly passed?: () => number;
}

/** Younger than this a folder's time may hide a second change within the same tick of the clock. */
const settledMs = 100;

/** Which files to look at: all of them only now and then, since a long history has many that never change again. */
export function createEventFolder(folder: string, options: EventFolderOptions = {}): EventFolder {
  const { hot: most = 300, everyMs = 5_000, now = Date.now, passed = () => performance.now() } = options;
  const names = new Set<string>();
  const sizes = new Map<string, number>();
  const folders = new Map<string, number>();
  const hot = new Set<string>();
  const noticed = new Set<string>();
  let next = Number.NEGATIVE_INFINITY;

  function changed(): boolean {
    if (folders.size === 0) return true;
    for (const [path, at] of folders) {
      if (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs !== at) return true;
    }
    return false;
  }

  function list(): string[] {
    const before = new Set(names);
    names.clear();
    folders.clear();
    folders.set(folder, 0);
    for (const name of eventNames(folder)) {
      names.add(name);
      folders.set(dirname(join(folder, name)), 0);
    }
    for (const path of folders.keys()) {
      const at = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      folders.set(path, now() - at > settledMs ? at : 0);
    }
    for (const name of before) {
      if (names.has(name)) continue;
      sizes.delete(name);
      hot.delete(name);
    }
    return [...names].filter((name) => !before.has(name));
  }

  function heat(file: EventFile): void {
    hot.delete(file.path);
    hot.add(file.path);
    if (hot.size > most) hot.delete(hot.values().next().value ?? "");
  }

  return {
    look() {
      const all = passed() >= next;
      if (all) next = passed() + Math.max(everyMs, names.size);
      const fresh = all || changed() ? list() : [];
      const wanted = all ? names : new Set([...hot, ...noticed, ...fresh]);
      noticed.clear();
      const found = statInOrder(folder, wanted);
      for (const file of [...found].sort((a, b) => a.mtimeMs - b.mtimeMs)) {
        if (sizes.get(file.path) === file.size) continue;
        sizes.set(file.path, file.size);
        heat(file);
      }
      return found;
    },
    notice: (name) => void noticed.add(name),
    sizes: () => sizes,
    get count() {
      return names.size;
    },
  };
}
