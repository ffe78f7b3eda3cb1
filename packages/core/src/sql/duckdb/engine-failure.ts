import { basename } from "node:path";
import type { EngineFailure } from "./protocol.ts";

/** An engine's message as a failure callers may see: no paths, no echo of the statement. */
export function engineFailure(error: unknown, paths: readonly string[]): EngineFailure {
  const raw = error instanceof Error ? error.message : String(error);
  const message = withoutPaths(withoutEcho(raw), paths).slice(0, 600);
  const kind = /^(?:Failed to \w+ \w+: )?([A-Za-z ]+?) Error: /.exec(raw)?.[1]?.toLowerCase() ?? "";
  if (/string longer than|Invalid array length|Array buffer allocation/.test(raw)) return tooLarge();
  if (/Contents of view were altered/.test(raw)) return staleFile();
  switch (kind) {
    case "out of memory":
      return tooLarge();
    case "interrupt":
      return { code: "CANCELLED", message: "The statement was stopped.", reason: "interrupted" };
    case "permission":
      return {
        code: "PERMISSION_DENIED",
        message: "The statement asked for something outside the source.",
        hint: "Use only tables that list_tables shows.",
        reason: "outside_source",
      };
    case "io":
    case "http":
    case "connection":
      return {
        code: "CONNECTION_ERROR",
        message: "The source's file could not be read.",
        hint: "It may be missing, being written by another process, or damaged; ask the operator.",
      };
    case "internal":
    case "fatal":
      return {
        code: "CONNECTION_ERROR",
        message: "The engine failed inside and was restarted.",
        hint: "Write the statement differently.",
        reason: "engine_failed",
      };
    default:
      return { code: "QUERY_ERROR", message };
  }
}

/** The file no longer is what the catalog says; a fresh catalog settles it. */
export function staleFile(): EngineFailure {
  return {
    code: "CONFLICT",
    message: "The source's file changed after its catalog was read.",
    hint: "Try again.",
    reason: "stale",
  };
}

export function tooLarge(): EngineFailure {
  return {
    code: "RESULT_TOO_LARGE",
    message: "The statement needs more memory than the source allows.",
    hint: "Aggregate or filter first, return fewer or shorter values, or avoid sorting everything.",
    reason: "out_of_memory",
  };
}

/** The engine repeats the statement under "LINE 1:"; the caller has it already. */
function withoutEcho(message: string): string {
  return message.replace(/\n+LINE \d+:[\s\S]*$/, "").trim();
}

function withoutPaths(message: string, paths: readonly string[]): string {
  let clean = message;
  for (const path of paths) clean = clean.replaceAll(path, basename(path));
  return clean.replace(/(?<![\w.])(?:\/[\w.@ -]+){2,}/g, "…");
}
