import { appendFileSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { redactValue } from "@mcp-data/core";

/** Facts kept line by line; secrets are masked before they are written. */
export interface JsonlLog {
  add(entry: Readonly<Record<string, unknown>>): void;
  /** Newest first. */
  recent(
    limit: number,
    fits?: (entry: Readonly<Record<string, unknown>>) => boolean,
  ): Readonly<Record<string, unknown>>[];
}

const maxReadBytes = 4 * 1024 * 1024;

export function createJsonlLog(path: string): JsonlLog {
  return {
    add(entry) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      appendFileSync(path, `${JSON.stringify(redactValue(entry))}\n`, { mode: 0o600 });
    },
    recent(limit, fits = () => true) {
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return [];
      const text = readFileSync(path, "utf8").slice(-maxReadBytes);
      const found: Readonly<Record<string, unknown>>[] = [];
      for (const line of text.split("\n").reverse()) {
        if (found.length >= limit) break;
        const entry = parsed(line);
        if (entry !== undefined && fits(entry)) found.push(entry);
      }
      return found;
    },
  };
}

/** A line cut by a crash is no entry. */
function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
