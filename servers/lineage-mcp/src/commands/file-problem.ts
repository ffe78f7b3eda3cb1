import { existsSync } from "node:fs";
import { dirname } from "node:path";

const words: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  EACCES: "may not be opened",
  EPERM: "may not be opened",
  EISDIR: "is a folder",
  EEXIST: "is a file, and a folder is needed there",
  ENOTDIR: "is below something that is no folder",
  ENOSPC: "cannot be written: the disk is full",
  EROFS: "cannot be written: the disk is read-only",
};

/** What a user can do something about, said without a stack trace. */
export function fileProblem(error: unknown): string | undefined {
  const { code, path, syscall } = (error ?? {}) as { code?: unknown; path?: unknown; syscall?: unknown };
  if (typeof code !== "string" || typeof path !== "string" || typeof syscall !== "string") return undefined;
  const said =
    code === "ENOENT" && !existsSync(dirname(path)) ? "is in a folder that does not exist" : words[code];
  return said === undefined ? undefined : `${path} ${said}`;
}
