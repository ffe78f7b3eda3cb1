import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readlinkSync,
  realpathSync,
} from "node:fs";
import { sep } from "node:path";
import { ToolError } from "@mcp-data/core";

export interface OpenedFile {
  readonly fd: number;
  readonly size: number;
  /** Of the content: size, time of change and the file itself. */
  readonly version: string;
  /** CONFLICT when the file was written to since it was opened. */
  assertUnchanged(): void;
  close(): void;
}

/** Opens a file that lies within one of the roots, whatever links say. NOT_FOUND or PERMISSION_DENIED otherwise. */
export function openWithin(path: string, roots: readonly string[]): OpenedFile {
  let real: string;
  let fd: number;
  try {
    real = realpathSync(path);
  } catch {
    throw gone();
  }
  if (!isWithin(real, roots)) throw outside();
  try {
    fd = openSync(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    throw gone();
  }
  const stats = fstatSync(fd, { bigint: true });
  // A link on the way may have been changed between the look and the opening.
  const opened = placeOf(fd) ?? real;
  if (!isWithin(opened, roots) || !stats.isFile()) {
    closeSync(fd);
    throw outside();
  }
  const version = versionOf(stats);
  let open = true;
  return {
    fd,
    size: Number(stats.size),
    version,
    assertUnchanged() {
      if (versionOf(fstatSync(fd, { bigint: true })) === version) return;
      throw new ToolError("CONFLICT", "The data was changed while it was read.", {
        hint: "Call again; replace files by renaming a finished one over them.",
        details: { reason: "changed_while_read" },
      });
    },
    close() {
      if (open) closeSync(fd);
      open = false;
    },
  };
}

function versionOf(stats: BigIntStats): string {
  return `${stats.size.toString(36)}-${stats.mtimeNs.toString(36)}-${stats.ino.toString(36)}`;
}

function placeOf(fd: number): string | undefined {
  if (process.platform !== "linux") return undefined;
  return readlinkSync(`/proc/self/fd/${fd}`);
}

export function isWithin(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep));
}

function gone(): ToolError {
  return new ToolError("NOT_FOUND", "The dataset's file is not there.", {
    hint: "list_datasets shows what is.",
  });
}

function outside(): ToolError {
  return new ToolError("PERMISSION_DENIED", "The dataset leads outside the folders this server may read.", {
    hint: "Ask the operator to add the folder to data.",
    details: { reason: "outside_roots" },
  });
}
