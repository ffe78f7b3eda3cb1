import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Home } from "./home.ts";
import type { Notebook } from "./notebook.ts";

export interface CaptureOptions {
  /** false: no source text, literals or messages in events. */
  readonly source: boolean;
  readonly stats: "off" | "sample";
  readonly namespace?: string | undefined;
}

/** Tells the recorder, wherever it is started, that these notebooks are to be recorded into this home. */
export function registerNotebooks(home: Home, notebooks: readonly Notebook[], options: CaptureOptions): void {
  for (const notebook of notebooks) {
    writePrivate(
      join(home.registry, `${notebook.hash}.json`),
      JSON.stringify({
        path: notebook.path,
        source: options.source,
        stats: options.stats,
        ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
      }),
    );
  }
}

/** Notebooks made later in these folders are recorded too. */
export function registerFolders(home: Home, folders: readonly string[]): void {
  if (folders.length === 0) return;
  const file = join(home.registry, "folders.json");
  writePrivate(file, JSON.stringify([...new Set([...readList(file), ...folders])]));
}

function readList(file: string): string[] {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return Array.isArray(value) ? value.map(String) : [];
  } catch {
    return [];
  }
}

/** Whole or not at all: a reader never sees half a file. */
export function writePrivate(file: string, text: string): void {
  const next = `${file}.${process.pid}.new`;
  try {
    writeFileSync(next, text, { mode: 0o600 });
    renameSync(next, file);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
}
