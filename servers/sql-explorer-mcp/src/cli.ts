#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";
import { asToolError, createLogger, parseCommandLine } from "@mcp-data/core";
import { runCommand } from "@mcp-data/core/start";
import { commandLine } from "./command-line.ts";
import { serve } from "./serve.ts";

// The optimising compiler would take 30 MB that are never given back, to parse a statement 0.1 ms faster.
setFlagsFromString("--liftoff-only");

async function main(argv: readonly string[]): Promise<number> {
  const command = await runCommand(argv, { name: commandLine.name, listenVariable: "SQL_EXPLORER_HTTP" });
  if (command !== undefined) return command;
  const parsed = parseCommandLine(commandLine, argv);
  if (parsed.kind === "exit") {
    process.stdout.write(parsed.stdout);
    process.stderr.write(parsed.stderr);
    return parsed.code;
  }
  try {
    const server = await serve(parsed.flags, parsed.positionals);
    await server.closed;
    return 0;
  } catch (thrown) {
    const error = asToolError(thrown);
    if (error.code === "INTERNAL_ERROR") {
      createLogger({ server: commandLine.name }).error("the server could not start", { err: error.cause });
    }
    const hint = error.hint === undefined ? "" : `\n  ${error.hint}`;
    process.stderr.write(`${commandLine.name}: ${error.message}${hint}\n`);
    return 1;
  }
}

process.exit(await main(process.argv.slice(2)));
