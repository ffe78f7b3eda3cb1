import { opendir, stat } from "node:fs/promises";
import { setImmediate as turn } from "node:timers/promises";
import { fileKind } from "./format.ts";

/** What may be in a folder by its names alone. */
export interface FolderNames {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Links: what they are is only known by following them. */
  readonly links: readonly string[];
}

export type ReadFolder = (folder: string) => Promise<FolderNames>;

interface Kept {
  readonly state: string;
  readonly names: FolderNames;
}

const none: FolderNames = { files: [], folders: [], links: [] };
/** Names looked at between two turns of the event loop. */
const atATime = 2_000;
/** A change this soon after a reading may leave the folder's time as it was. */
const unsureMs = 2_000;

/** Names as of the folder's last change, read in pieces; so many are kept in memory. */
export function createFolderReader(maxKept = 500_000): ReadFolder {
  const kept = new Map<string, Kept>();
  const reading = new Map<string, Promise<FolderNames>>();
  let count = 0;

  function forget(folder: string): void {
    const known = kept.get(folder);
    if (known === undefined) return;
    kept.delete(folder);
    count -= sizeOf(known.names);
  }

  function keep(folder: string, entry: Kept): void {
    forget(folder);
    const size = sizeOf(entry.names);
    if (size > maxKept) return;
    for (const oldest of kept.keys()) {
      if (count + size <= maxKept) break;
      forget(oldest);
    }
    kept.set(folder, entry);
    count += size;
  }

  async function fresh(folder: string): Promise<FolderNames> {
    const before = await stat(folder, { bigint: true }).catch(() => undefined);
    if (before === undefined || !before.isDirectory()) {
      forget(folder);
      return none;
    }
    const state = `${before.mtimeNs} ${before.ino} ${before.dev}`;
    const known = kept.get(folder);
    if (known?.state === state) return known.names;
    const started = Date.now();
    const names = await namesIn(folder);
    if (started - Number(before.mtimeMs) > unsureMs) keep(folder, { state, names });
    return names;
  }

  return (folder) => {
    const running = reading.get(folder) ?? fresh(folder).finally(() => reading.delete(folder));
    reading.set(folder, running);
    return running;
  };
}

async function namesIn(folder: string): Promise<FolderNames> {
  const found = { files: [] as string[], folders: [] as string[], links: [] as string[] };
  try {
    let seen = 0;
    for await (const entry of await opendir(folder, { bufferSize: 512 })) {
      seen += 1;
      if (seen % atATime === 0) await turn();
      if (entry.name.startsWith(".")) continue;
      if (entry.isDirectory()) found.folders.push(entry.name);
      else if (fileKind(entry.name) === undefined) continue;
      else if (entry.isFile()) found.files.push(entry.name);
      else if (entry.isSymbolicLink()) found.links.push(entry.name);
    }
  } catch {
    // It went away meanwhile, or may not be read: what was seen is all there is.
  }
  return found;
}

function sizeOf({ files, folders, links }: FolderNames): number {
  return 1 + files.length + folders.length + links.length;
}
