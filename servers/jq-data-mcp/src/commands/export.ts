import { randomUUID } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { ToolError } from "@mcp-data/core";
import type { Command } from "./command.ts";

export const exportCommand: Command = {
  usage: "[FILE]",
  help: "Replaced as a whole when it exists",
  summary: "write the active functions and tools as JSON, on stdout without a file",
  min: 0,
  max: 1,
  needsLibrary: true,
  async run(services, [file], say) {
    const text = JSON.stringify(services.importer.export(), null, 2);
    if (file === undefined) say(text);
    else replace(file, `${text}\n`);
    return 0;
  },
};

/** Whole or not at all. */
function replace(file: string, text: string): void {
  const part = `${file}.${randomUUID().slice(0, 8)}.part`;
  try {
    writeFileSync(part, text);
    renameSync(part, file);
  } catch (cause) {
    rmSync(part, { force: true });
    throw new ToolError("CONFIG_ERROR", `${file} cannot be written.`, {
      hint: "Give a file in an existing folder you may write to.",
      cause,
    });
  }
}
