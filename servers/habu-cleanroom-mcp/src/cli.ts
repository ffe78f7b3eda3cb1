#!/usr/bin/env node
import { asToolError, createLogger, parseCommandLine } from "@mcp-data/core";
import { runCommand } from "@mcp-data/core/start";
import { commandLine, emulatorCommandLine, watchCommandLine } from "./command-line.ts";
import { serve } from "./serve.ts";

async function main(argv: readonly string[]): Promise<number> {
  const [first, ...rest] = argv;
  if (first === "emulator") return emulate(rest);
  if (first === "watch") return watch(rest);
  const command = await runCommand(argv, { name: commandLine.name, listenVariable: "HABU_HTTP" });
  if (command !== undefined) return command;
  const parsed = parseCommandLine(commandLine, argv);
  if (parsed.kind === "exit") return ended(parsed);
  const logger = createLogger({ server: commandLine.name, level: parsed.flags["log-level"] ?? "info" });
  try {
    const server = await serve(parsed.flags, logger);
    await server.closed;
    return 0;
  } catch (thrown) {
    return failed(thrown, logger);
  }
}

async function emulate(argv: readonly string[]): Promise<number> {
  const parsed = parseCommandLine(emulatorCommandLine, argv);
  if (parsed.kind === "exit") return ended(parsed);
  const { runEmulator } = await import("./run-emulator.ts");
  try {
    await runEmulator(parsed.flags.port ?? 4010, parsed.flags.speed ?? 1);
    return 0;
  } catch (thrown) {
    return failed(thrown, undefined);
  }
}

async function watch(argv: readonly string[]): Promise<number> {
  const parsed = parseCommandLine(watchCommandLine, argv);
  if (parsed.kind === "exit") return ended(parsed);
  const logger = createLogger({ server: commandLine.name, level: parsed.flags["log-level"] ?? "info" });
  const { runWatch } = await import("./watch/run-watch.ts");
  try {
    await runWatch({ file: parsed.flags.config, once: parsed.flags.once === true, logger });
    return 0;
  } catch (thrown) {
    return failed(thrown, logger);
  }
}

function ended({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }): number {
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  return code;
}

function failed(thrown: unknown, logger: ReturnType<typeof createLogger> | undefined): number {
  const error = asToolError(thrown);
  if (error.code === "INTERNAL_ERROR") logger?.error("the server could not start", { err: error.cause });
  const hint = error.hint === undefined ? "" : `\n  ${error.hint}`;
  process.stderr.write(`${commandLine.name}: ${error.message}${hint}\n`);
  return 1;
}

process.exit(await main(process.argv.slice(2)));
