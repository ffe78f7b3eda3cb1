import { createHash } from "node:crypto";
import { readdirSync, realpathSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { ToolError } from "@mcp-data/core";

export interface Notebook {
  readonly path: string;
  readonly name: string;
  /** First 8 hex digits of the SHA-256 of the resolved path. */
  readonly hash: string;
}

function notebookAt(path: string): Notebook {
  const resolved = realpathOr(resolve(path));
  return {
    path: resolved,
    name: basename(resolved),
    hash: createHash("sha256").update(resolved).digest("hex").slice(0, 8),
  };
}

/** Files as given; a folder stands for the Python files in it. CONFIG_ERROR for what is not there. */
export function notebooksFrom(paths: readonly string[]): { notebooks: Notebook[]; folders: string[] } {
  const notebooks: Notebook[] = [];
  const folders: string[] = [];
  for (const path of paths) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) {
      throw new ToolError("CONFIG_ERROR", `The notebook ${basename(path)} does not exist.`, {
        hint: "Give the path of a marimo notebook (.py or .md), or a folder of them.",
      });
    }
    if (!stat.isDirectory()) {
      notebooks.push(notebookAt(path));
      continue;
    }
    folders.push(realpathOr(resolve(path)));
    for (const name of readdirSync(path)) {
      if (name.endsWith(".py")) notebooks.push(notebookAt(join(path, name)));
    }
  }
  return { notebooks, folders };
}

function realpathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
