import { readFileSync, statSync } from "node:fs";
import { isToolError, ToolError } from "@mcp-data/core";
import { parse as parseYaml } from "yaml";
import { type Bundle, readBundle } from "./import-library.ts";

const maxBytes = 10 * 1024 * 1024;

/** A YAML or JSON file of functions and tools. CONFIG_ERROR or VALIDATION_ERROR name the file and the place. */
export function readLibraryFile(path: string): Bundle {
  const text = textOf(path);
  try {
    // Aliases of aliases that would grow without end are refused by the parser.
    return readBundle(parseYaml(text, { maxAliasCount: 100, logLevel: "error" }));
  } catch (error) {
    if (isToolError(error))
      throw new ToolError(error.code, `${path}: ${error.message}`, {
        hint: "Correct the entry.",
        details: error.details ?? {},
      });
    const problem =
      error instanceof RangeError ? "nested too deeply" : (error as Error).message.split("\n")[0];
    throw new ToolError("VALIDATION_ERROR", `${path} is not valid YAML or JSON: ${problem?.slice(0, 300)}`, {
      hint: "Correct the file; jq-data-mcp export shows what one looks like.",
      details: { reason: "syntax" },
    });
  }
}

function textOf(path: string): string {
  try {
    const stats = statSync(path);
    if (stats.isFile() && stats.size <= maxBytes) return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ToolError("CONFIG_ERROR", `${path} cannot be read.`, { hint: "Give an existing file.", cause });
  }
  throw new ToolError("CONFIG_ERROR", `${path} is not a file of at most ${maxBytes / 1024 / 1024} MiB.`, {
    hint: "Split it into several files.",
    details: { reason: "size" },
  });
}
