import { defineCommandLine, type FlagTable, type FlagValues, parseCommandLine } from "@mcp-data/core";
import { commandLine } from "../command-line.ts";

const place = {
  "data-dir": { type: "string", value: "DIR", help: "The data directory" },
  "dev-mode": { type: "boolean", help: "The .hunyo of the current folder" },
} as const satisfies FlagTable;
const python = { python: { type: "string", value: "EXE", help: "The Python; found when absent" } } as const satisfies FlagTable;
const notebook = { notebook: { type: "list", value: "PATH", help: "Notebooks to register" } } as const satisfies FlagTable;

export const flags = {
  run: { ...place, notebook: notebook.notebook, source: { type: "boolean", help: "Keep source text; --no-source does not" } },
  install: { ...place, ...python, ...notebook },
  uninstall: { ...python, ...notebook },
  doctor: { ...place, ...python, ...notebook },
  status: { ...place },
  export: {
    ...place,
    to: { type: "string", value: "FILE|URL", help: "Where to; stdout when absent" },
    family: { type: "choice", choices: ["lineage", "all"], help: "RunEvents only (default), or all three families" },
    flavor: { type: "choice", choices: ["spec", "marquez"], help: "marquez adds the older fields Marquez reads" },
    session: { type: "string", value: "ID", help: "One session" },
    since: { type: "string", value: "TIME", help: "Events from then on" },
  },
  import: { ...place },
  validate: {},
  env: { ...place },
  ui: { ...place, port: { type: "integer", value: "N", min: 0, max: 65_535, help: "Port; a free one when absent" } },
} as const satisfies Record<string, FlagTable>;

export type CommandName = keyof typeof flags;
export type CommandFlags<N extends CommandName> = FlagValues<(typeof flags)[N]>;

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
  if (!Object.hasOwn(flags, name)) return undefined;
  const command = name as CommandName;
  const [summary, positionals] = about[command];
  const split = command === "run" ? rest.indexOf("--") : -1;
  const parsed = parseCommandLine(
    defineCommandLine({
      name: `lineage-mcp ${name}`,
      version: commandLine.version,
      summary,
      positionals: { usage: positionals, help: positionals === "" ? "" : "What to read or run", ...(positionals === "" ? { max: 0 } : {}) },
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
      return (await import("./run.ts")).runRecorded(values, split < 0 ? [...parsed.positionals] : rest.slice(split + 1));
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

export function homeOf(values: { readonly "data-dir"?: string; readonly "dev-mode"?: boolean; readonly notebook?: readonly string[] }) {
  return { dataDir: values["data-dir"], devMode: values["dev-mode"], notebooks: values.notebook ?? [] };
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`lineage-mcp: ${text}\n`);
}
