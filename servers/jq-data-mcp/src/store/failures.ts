import { type ErrorCode, ToolError } from "@mcp-data/core";

interface Known {
  /** How SQLite's code begins; finer codes are longer. */
  readonly begins: string;
  readonly code: ErrorCode;
  readonly says: string;
  readonly hint: string;
  readonly retryAfterMs?: number;
}

const known: readonly Known[] = [
  {
    begins: "SQLITE_BUSY",
    code: "UNAVAILABLE",
    says: "is locked by another process",
    hint: "Try again; if it stays so, the operator has to end the other process.",
    retryAfterMs: 1_000,
  },
  {
    begins: "SQLITE_READONLY",
    code: "UNAVAILABLE",
    says: "cannot be written",
    hint: "The operator has to make its file and folder writable.",
  },
  {
    begins: "SQLITE_FULL",
    code: "UNAVAILABLE",
    says: "has no room left on its disk",
    hint: "The operator has to make room.",
  },
  {
    begins: "SQLITE_IOERR",
    code: "UNAVAILABLE",
    says: "cannot be read or written: the disk failed",
    hint: "The operator has to look at the disk.",
  },
  {
    begins: "SQLITE_NOTADB",
    code: "CONFIG_ERROR",
    says: "is no SQLite database",
    hint: "Name another file, or put a copy of the library in its place.",
  },
  {
    begins: "SQLITE_CORRUPT",
    code: "CONFIG_ERROR",
    says: "is damaged",
    hint: "Put a copy of the library in its place.",
  },
  {
    begins: "SQLITE_CANTOPEN",
    code: "CONFIG_ERROR",
    says: "cannot be opened",
    hint: "Its folder must exist or be creatable, and be writable.",
  },
];

/** What an operator or a caller can do something about, as a ToolError; anything else as it is. */
export function storeFailure(error: unknown, name = "The library's database"): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== "string") return error;
  const found = known.find(({ begins }) => code.startsWith(begins));
  if (found === undefined) return error;
  return new ToolError(found.code, `${name} ${found.says}.`, {
    hint: found.hint,
    details: { reason: "database" },
    ...(found.retryAfterMs === undefined ? {} : { retryAfterMs: found.retryAfterMs }),
    cause: error,
  });
}
