import { existsSync } from "node:fs";
import { createLogger, defineCommandLine, type Logger, parseCommandLine, ToolError } from "@mcp-data/core";
import { commandLine } from "../command-line.ts";
import { createServices } from "../create-services.ts";
import { configFrom } from "../serve.ts";
import type { Command, Say } from "./command.ts";
import { doctorCommand } from "./doctor.ts";
import { exportCommand } from "./export.ts";
import { importCommand, seedCommand } from "./import.ts";
import { syncCommand } from "./sync.ts";
import { usersCommand } from "./users.ts";

const commands: Readonly<Record<string, Command>> = {
  seed: seedCommand,
  export: exportCommand,
  import: importCommand,
  sync: syncCommand,
  doctor: doctorCommand,
  users: usersCommand,
};

const commonCommands = ["health", "api-key", "audit"];

const { data, database, config, "log-level": logLevel } = commandLine.flags;

/** The exit code of a command on the library; undefined when argv starts something else. */
export async function runLibraryCommand(
  argv: readonly string[],
  say: Say,
  complain: Say,
): Promise<number | undefined> {
  const [name = "", ...rest] = argv;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    if (!/^[a-z][a-z-]{0,20}$/.test(name)) return undefined;
    const known = [...Object.keys(commands), ...commonCommands];
    complain(
      `${commandLine.name}: "${name}" is no command; there are ${known.join(", ")}. --help tells more.`,
    );
    return 2;
  }
  const own = defineCommandLine({
    ...commandLine,
    name: `${commandLine.name} ${name}`,
    summary: command.summary,
    positionals: { usage: command.usage, help: command.help, max: command.max },
    flags: { database, data, config, "log-level": logLevel },
    examples: [[`${commandLine.name} ${name} ${command.usage}`.trim(), command.summary]],
  });
  const parsed = parseCommandLine(own, rest);
  if (parsed.kind === "exit") {
    if (parsed.stdout !== "") say(parsed.stdout.trimEnd());
    if (parsed.stderr !== "") complain(parsed.stderr.trimEnd());
    return parsed.code;
  }
  if (parsed.positionals.length < command.min) {
    complain(`${own.name}: ${command.usage} is missing\n\nUsage: ${own.name} ${command.usage}`);
    return 2;
  }
  const { flags } = parsed;
  const logger: Logger = createLogger({ server: commandLine.name, level: flags["log-level"] ?? "warn" });
  const settings = configFrom(flags);
  if (command.needsLibrary && !existsSync(settings.database)) {
    throw new ToolError("CONFIG_ERROR", `There is no library at ${settings.database}.`, {
      hint: "Name its file with --database, or the server's settings with --config.",
    });
  }
  const services = await createServices({ config: settings, logger });
  try {
    return await command.run(services, parsed.positionals, say);
  } finally {
    await services.close();
  }
}
