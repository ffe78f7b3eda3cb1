import { realpathSync, statSync } from "node:fs";
import { lstat, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { describeFile, type Found, partsOf } from "./dataset-entry.ts";
import type { ReadFolder } from "./folder-names.ts";
import { fileNamesOf } from "./format.ts";
import { isWithin } from "./open-file.ts";

/** A file that may be a dataset, by its name. */
export interface NamedFile {
  readonly path: string;
  /** Below its root. */
  readonly fileName: string;
}

/** Names looked at between two turns of the event loop. */
const atATime = 2_000;

/** Hands over every file of a root, which is a file or a folder, in no order. */
export async function eachFile(
  root: string,
  roots: readonly string[],
  readFolder: ReadFolder,
  take: (file: NamedFile) => void,
): Promise<void> {
  if (!isFolder(root)) {
    if ((await fileAt(root, basename(root), roots)) !== undefined)
      take({ path: root, fileName: basename(root) });
    return;
  }
  let seen = 0;
  const waiting = [""];
  for (let prefix = waiting.pop(); prefix !== undefined; prefix = waiting.pop()) {
    const folder = join(root, prefix);
    const { files, folders, links } = await readFolder(folder);
    for (const name of folders)
      if (partsOf(`${prefix}${name}`) !== undefined) waiting.push(`${prefix}${name}/`);
    for (const name of files) {
      seen += 1;
      if (seen % atATime === 0) await turn();
      if (partsOf(`${prefix}${name}`) !== undefined)
        take({ path: join(folder, name), fileName: prefix + name });
    }
    for (const name of links) {
      const file = { path: join(folder, name), fileName: prefix + name };
      if ((await fileAt(file.path, file.fileName, roots)) !== undefined) take(file);
    }
  }
}

/** Undefined when it is gone, is no file, or is a link that leads outside. */
export async function fileAt(
  path: string,
  fileName: string,
  roots: readonly string[],
): Promise<Found | undefined> {
  const described = describeFile(fileName);
  if (described === undefined) return undefined;
  try {
    const itself = await lstat(path);
    const isLink = itself.isSymbolicLink();
    if (isLink && !isWithin(await realpath(path), roots)) return undefined;
    const stats = isLink ? await stat(path) : itself;
    if (!stats.isFile()) return undefined;
    return { ...described, bytes: stats.size, changedAt: stats.mtime.toISOString(), origin: "file", path };
  } catch {
    return undefined;
  }
}

/** Files of one name, whatever their extension; looks for those only, however many others there are. */
export function filesNamed(root: string, name: string, roots: readonly string[]): Found[] {
  const parts = partsOf(name);
  const last = parts?.pop();
  if (parts === undefined || last === undefined) return [];
  if (!isFolder(root)) return foundAt(root, basename(root), roots).filter((file) => file.name === name);
  const folder = join(root, ...parts);
  // A link to a folder is not followed when listing either.
  if (realPath(folder) !== folder) return [];
  return fileNamesOf(last).flatMap((fileName) =>
    foundAt(join(folder, fileName), [...parts, fileName].join("/"), roots),
  );
}

/** The same for unusual spellings, which only a look at all names finds. */
export async function filesSpelled(
  root: string,
  name: string,
  roots: readonly string[],
  readFolder: ReadFolder,
): Promise<Found[]> {
  const parts = partsOf(name);
  const last = parts?.pop();
  if (parts === undefined || last === undefined || !isFolder(root)) return [];
  const folder = join(root, ...parts);
  if (realPath(folder) !== folder) return [];
  const { files, links } = await readFolder(folder);
  return [...files, ...links]
    .filter((fileName) => fileName.startsWith(`${last}.`))
    .flatMap((fileName) => foundAt(join(folder, fileName), [...parts, fileName].join("/"), roots))
    .filter((file) => file.name === name);
}

function foundAt(path: string, fileName: string, roots: readonly string[]): Found[] {
  const described = describeFile(fileName);
  if (described === undefined) return [];
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats?.isFile() || !isWithin(realpathSync.native(path), roots)) return [];
    return [{ ...described, bytes: stats.size, changedAt: stats.mtime.toISOString(), origin: "file", path }];
  } catch {
    return [];
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
