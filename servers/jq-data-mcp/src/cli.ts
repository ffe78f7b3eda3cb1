#!/usr/bin/env node
import { asToolError, createLogger, parseCommandLine } from "@mcp-data/core";
import { runCommand } from "@mcp-data/core/start";
import { commandLine } from "./command-line.ts";
import { runLibraryCommand } from "./commands/run.ts";
import { serve } from "./serve.ts";

const print = (line: string) => void process.stdout.write(`${line}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

async function main(argv: readonly string[]): Promise<number> {
  const command = await runCommand(argv, { name: commandLine.name, listenVariable: "JQ_DATA_HTTP" });
  if (command !== undefined) return command;
  const logger = createLogger({ server: commandLine.name, level: "info" });
  try {
    const own = await runLibraryCommand(argv, print, complain);
    if (own !== undefined) return own;
    const parsed = parseCommandLine(commandLine, argv);
    if (parsed.kind === "exit") {
      process.stdout.write(parsed.stdout);
      process.stderr.write(parsed.stderr);
      return parsed.code;
    }
    const level = parsed.flags["log-level"] ?? "info";
    const server = await serve(parsed.flags, createLogger({ server: commandLine.name, level }));
    await server.closed;
    return 0;
  } catch (thrown) {
    const error = asToolError(thrown);
    if (error.code === "INTERNAL_ERROR") logger.error("the server could not start", { err: error.cause });
    complain(`${commandLine.name}: ${error.message}${error.hint === undefined ? "" : `\n  ${error.hint}`}`);
    return 1;
  }
}

process.exit(await main(process.argv.slice(2)));
