import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { type DataFormat, formatOf, looksLikePattern } from "./format.ts";

export interface DataFile {
  /** Absolute, links resolved. */
  readonly path: string;
  /** Below its configured folder, or the file's own name. */
  readonly shown: string;
  readonly format: DataFormat;
  readonly bytes: number;
  /** Changes when the file does. */
  readonly version: string;
}

export interface Discovery {
  readonly files: readonly DataFile[];
  readonly warnings: readonly string[];
}

const maxFiles = 5_000;
const maxDepth = 8;

/** Data files below the given paths, in a stable order. What cannot be used is a warning. */
export async function discoverFiles(paths: readonly string[]): Promise<Discovery> {
  const files = new Map<string, DataFile>();
  const warnings: string[] = [];
  for (const path of paths) {
    const root = await realpath(path).catch(() => undefined);
    if (root === undefined) {
      warnings.push(`${basename(path)}: does not exist or cannot be reached.`);
      continue;
    }
    for (const found of await filesBelow(root, warnings)) {
      if (files.size >= maxFiles) break;
      const file = await describe(found, root, warnings);
      if (file !== undefined) files.set(file.path, file);
    }
  }
  if (files.size >= maxFiles) warnings.push(`Only the first ${maxFiles} files are served.`);
  return { files: [...files.values()], warnings };
}

async function filesBelow(root: string, warnings: string[]): Promise<string[]> {
  if (!(await stat(root)).isDirectory()) return [root];
  const found: string[] = [];
  const open: { readonly folder: string; readonly depth: number }[] = [{ folder: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined && found.length < maxFiles; next = open.pop()) {
    const { folder, depth } = next;
    for (const entry of await entriesOf(folder, root, warnings)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (depth < maxDepth) open.push({ folder: path, depth: depth + 1 });
        else warnings.push(`${relative(root, path)}: folders deeper than ${maxDepth} are not read.`);
      } else if (formatOf(entry.name) !== undefined) found.push(path);
    }
  }
  return found.sort();
}

async function entriesOf(folder: string, root: string, warnings: string[]): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.name.startsWith("."));
  } catch {
    warnings.push(`${relative(root, folder) || basename(root)}: the folder cannot be read.`);
    return [];
  }
}

/** A link may not lead out of its folder. */
async function describe(path: string, root: string, warnings: string[]): Promise<DataFile | undefined> {
  const shown = path === root ? basename(path) : relative(root, path).split(sep).join("/");
  const format = formatOf(path);
  if (format === undefined) {
    warnings.push(`${shown}: not a kind of file this source reads.`);
    return undefined;
  }
  try {
    const real = await realpath(path);
    if (real !== path && !real.startsWith(root + sep)) {
      warnings.push(`${shown}: a link to somewhere outside the folder is not followed.`);
      return undefined;
    }
    if (looksLikePattern(real)) {
      warnings.push(`${shown}: names with *, ?, [ or ] cannot be read; rename the file or its folder.`);
      return undefined;
    }
    const found = await stat(real, { bigint: true });
    if (!found.isFile()) return undefined;
    return {
      path: real,
      shown,
      format,
      bytes: Number(found.size),
      version: `${found.ino}:${found.size}:${found.mtimeNs}`,
    };
  } catch {
    warnings.push(`${shown}: cannot be read.`);
    return undefined;
  }
}
