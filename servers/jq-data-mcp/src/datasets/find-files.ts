import { readdirSync, realpathSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { describeFile, type Found, partsOf } from "./dataset-entry.ts";
import { isWithin } from "./open-file.ts";

/** Every dataset in a root, which is a file or a folder. */
export function filesIn(root: string, roots: readonly string[]): Found[] {
  return isFolder(root) ? below(root, root, roots) : fileAt(root, basename(root), roots);
}

/** Those of one name, whatever their extension; looks into one folder only. */
export function filesNamed(root: string, name: string, roots: readonly string[]): Found[] {
  if (!isFolder(root)) return fileAt(root, basename(root), roots).filter((file) => file.name === name);
  const parts = partsOf(name);
  if (parts === undefined) return [];
  const folder = join(root, ...parts.slice(0, -1));
  // A link to a folder is not followed when listing either.
  if (realPath(folder) !== folder) return [];
  return entriesOf(folder)
    .filter((entry) => !entry.isDirectory() && entry.name.startsWith(parts.at(-1) as string))
    .flatMap((entry) =>
      fileAt(join(folder, entry.name), [...parts.slice(0, -1), entry.name].join("/"), roots),
    )
    .filter((file) => file.name === name);
}

function below(root: string, folder: string, roots: readonly string[]): Found[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    const name = relative(root, path).split(sep).join("/");
    if (partsOf(name) === undefined) return [];
    return entry.isDirectory() ? below(root, path, roots) : fileAt(path, name, roots);
  });
}

function fileAt(path: string, fileName: string, roots: readonly string[]): Found[] {
  const described = describeFile(fileName);
  const real = described === undefined ? undefined : realPath(path);
  if (described === undefined || real === undefined || !isWithin(real, roots)) return [];
  try {
    const stats = statSync(real);
    if (!stats.isFile()) return [];
    return [{ ...described, bytes: stats.size, changedAt: stats.mtime.toISOString(), origin: "file", path }];
  } catch {
    return [];
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
