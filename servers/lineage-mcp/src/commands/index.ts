import { defineCommandLine, type FlagTable, parseCommandLine } from "@mcp-data/core";
import { commandLine } from "../command-line.ts";
import { type CommandName, flags } from "./flags.ts";
import { complain } from "./say.ts";

const about: Record<CommandName, [summary: string, positionals: string]> = {
  run: ["runs a command, recorded", "-- COMMAND…"],
  install: ["records whatever starts marimo in a Python", ""],
  uninstall: ["takes the recorder out of a Python", ""],
  doctor: ["proves on your own versions that recording works", ""],
  status: ["tells what is recorded and whether recording works", ""],
  export: ["writes OpenLineage events to a file or an endpoint", ""],
  import: ["reads an export, or anybody's RunEvents", "FILE…"],
  validate: ["checks event files against the schemas", "FILE…"],
  env: ["prints the variables under which any Python records", ""],
  ui: ["serves the local page", ""],
};

/** The exit code of a command of this server, or undefined when argv starts something else. */
export async function ownCommand(argv: readonly string[]): Promise<number | undefined> {
  const [name = "", ...rest] = argv;
  if (!Object.hasOwn(flags, name)) return name === "" || name.startsWith("-") ? undefined : unknown(name);
  const command = name as CommandName;
  const [summary, positionals] = about[command];
  const split = command === "run" ? rest.indexOf("--") : -1;
  const parsed = parseCommandLine(
    defineCommandLine({
      name: `lineage-mcp ${name}`,
      version: commandLine.version,
      summary,
      positionals: {
        usage: positionals,
        help: positionals === "" ? "" : "What to read or run",
        ...(positionals === "" ? { max: 0 } : {}),
      },
      flags: flags[command] as FlagTable,
    }),
    split < 0 ? rest : rest.slice(0, split),
  );
  if (parsed.kind === "exit") {
    process.stdout.write(parsed.stdout);
    process.stderr.write(parsed.stderr);
    return parsed.code;
  }
  const values = parsed.flags as never;
  switch (command) {
    case "run":
      return (await import("./run.ts")).runRecorded(
        values,
        split < 0 ? [...parsed.positionals] : rest.slice(split + 1),
      );
    case "install":
      return (await import("./install.ts")).install(values);
    case "uninstall":
      return (await import("./install.ts")).uninstall(values);
    case "doctor":
      return (await import("./doctor.ts")).doctor(values);
    case "status":
      return (await import("./status.ts")).status(values);
    case "export":
      return (await import("./export.ts")).exportEvents(values);
    case "import":
      return (await import("./import.ts")).importEvents(values, parsed.positionals);
    case "validate":
      return (await import("./validate.ts")).validateFiles(parsed.positionals);
    case "env":
      return (await import("./env.ts")).printEnvironment(values);
    case "ui":
      return (await import("./ui.ts")).ui(values);
  }
}

function unknown(name: string): number {
  complain(
    /\.(py|md)$/.test(name)
      ? `a notebook is given with --notebook: lineage-mcp --notebook ${name}`
      : `there is no command ${name}; there are ${Object.keys(flags).join(", ")}, health and audit (lineage-mcp --help)`,
  );
  return 2;
}
