import { type FileHandle, open, rename } from "node:fs/promises";
import { ToolError } from "../error/tool-error.ts";
import { type ChainPosition, newChain } from "./chain.ts";
import { headPath, readHead } from "./head-file.ts";
import { reaches, readTail } from "./resume.ts";
import { nextRotated, rotatedFiles } from "./rotated.ts";

export interface OpenTrail {
  file: FileHandle;
  position: ChainPosition;
  size: number;
  /** Goes into the start record. */
  notice: Readonly<Record<string, unknown>>;
}

/** Opens a trail where it left off; one that does not reach its signed head is set aside for a new chain. */
export async function openTrail(path: string, onNotice?: (notice: string) => void): Promise<OpenTrail> {
  const file = await openForAppend(path);
  const tail = await readTail(file);
  const head = await readHead(path);
  if (tail.kind === "record" && head !== "unreadable" && (head === undefined || reaches(tail.next, head))) {
    if (tail.torn > 0) {
      onNotice?.(`The audit file ended in ${tail.torn} bytes of an unfinished record; they were cut off.`);
      await file.truncate(tail.size);
    }
    const torn = tail.torn > 0 ? { torn_bytes: tail.torn } : {};
    return { file, position: tail.next, size: tail.size, notice: { resumed: true, ...torn } };
  }
  if (tail.kind === "empty") {
    await file.truncate(0);
    // A process that died while rotating left the chain's end in the last rotated file.
    const before = await lastRotatedEnd(path);
    if (before !== undefined && head !== "unreadable" && (head === undefined || reaches(before, head))) {
      return { file, position: before, size: 0, notice: { resumed: true } };
    }
    if (head === undefined && before === undefined)
      return { file, position: newChain(), size: 0, notice: {} };
  }
  // Evidence is set aside, never written over.
  await file.close();
  const aside = await nextRotated(path);
  await rename(path, aside);
  if (head !== undefined) await rename(headPath(path), headPath(aside));
  onNotice?.(`The audit file is damaged or shorter than its signed head; it was set aside as ${aside}.`);
  const fresh = await openForAppend(path);
  return { file: fresh, position: newChain(), size: 0, notice: { after_damage: true } };
}

async function lastRotatedEnd(path: string): Promise<ChainPosition | undefined> {
  const last = (await rotatedFiles(path)).at(-1);
  if (last === undefined) return undefined;
  const file = await open(last, "r");
  try {
    const tail = await readTail(file);
    return tail.kind === "record" && tail.torn === 0 ? tail.next : undefined;
  } finally {
    await file.close();
  }
}

async function openForAppend(path: string): Promise<FileHandle> {
  const file = await open(path, "a+", 0o600).catch((cause) => {
    throw cannotOpen(cause);
  });
  try {
    const found = await file.stat();
    if (!found.isFile())
      throw new ToolError("CONFIG_ERROR", "audit.path: the audit file is not a regular file.");
    if ((found.mode & 0o077) !== 0) await file.chmod(0o600);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

export function cannotOpen(cause: unknown): ToolError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
  return new ToolError("CONFIG_ERROR", `audit.path: the audit file cannot be opened and written (${code}).`, {
    hint: "Name a file in an existing folder with free space that the server's user may write to.",
    cause,
  });
}
