#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";
import { asToolError, createLogger, parseCommandLine } from "@mcp-data/core";
import { runCommand } from "@mcp-data/core/start";
import { commandLine } from "./command-line.ts";
import { fileProblem } from "./commands/file-problem.ts";

async function main(argv: readonly string[]): Promise<number> {
  const command = await runCommand(argv, { name: commandLine.name, listenVariable: "LINEAGE_MCP_HTTP" });
  if (command !== undefined) return command;
  try {
    const { ownCommand } = await import("./commands/index.ts");
    const own = await ownCommand(argv);
    if (own !== undefined) return own;
    const parsed = parseCommandLine(commandLine, argv);
    if (parsed.kind === "exit") {
      process.stdout.write(parsed.stdout);
      process.stderr.write(parsed.stderr);
      return parsed.code;
    }
    const level = parsed.flags["log-level"] ?? (parsed.flags.verbose ? "debug" : "warn");
    const { serve } = await import("./serve.ts");
    const server = await serve(parsed.flags, createLogger({ server: commandLine.name, level }));
    await server.closed;
    return 0;
  } catch (thrown) {
    const file = fileProblem(thrown);
    if (file !== undefined) {
      process.stderr.write(`${commandLine.name}: ${file}\n`);
      return 1;
    }
    const error = asToolError(thrown);
    if (error.code === "INTERNAL_ERROR")
      process.stderr.write(`${String((error.cause as Error | undefined)?.stack ?? "")}\n`);
    const hint = error.hint === undefined ? "" : `\n  ${error.hint}`;
    process.stderr.write(`${commandLine.name}: ${error.message}${hint}\n`);
    return 1;
  }
}

// A burst of events must not leave 30 MB of young space behind.
setFlagsFromString("--semi-space-growth-factor=1");
process.exit(await main(process.argv.slice(2)));
