import { readFileSync, writeFileSync } from "node:fs";
import { createLogger, localPrincipal, type Logger, parseCommandLine, ToolError } from "@mcp-data/core";
import { parse as parseYaml } from "yaml";
import { commandLine } from "./command-line.ts";
import { createServices, type JqDataServices } from "./create-services.ts";
import { type Role, roles } from "./library/roles.ts";
import { readBundle } from "./seeds/import-library.ts";
import { configFrom, type Flags } from "./serve.ts";
import { schemaVersion } from "./store/schema.ts";
import { versionOf } from "./store/migrate.ts";

type Say = (line: string) => void;
type Command = (services: JqDataServices, args: readonly string[], say: Say) => Promise<number>;

/** Undefined when argv starts something else. */
export async function runLibraryCommand(argv: readonly string[], say: Say, complain: Say): Promise<number | undefined> {
  const [name = "", ...rest] = argv;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) return undefined;
  const parsed = parseCommandLine({ ...commandLine, positionals: { usage: "ARGUMENTS", help: "Of the command" } }, rest);
  if (parsed.kind === "exit") {
    if (parsed.stdout !== "") say(parsed.stdout.trimEnd());
    if (parsed.stderr !== "") complain(parsed.stderr.trimEnd());
    return parsed.code;
  }
  const flags: Flags = parsed.flags;
  const logger: Logger = createLogger({ server: commandLine.name, level: flags["log-level"] ?? "warn" });
  const services = await createServices({ config: configFrom(flags), logger });
  try {
    return await command(services, parsed.positionals, say);
  } finally {
    await services.close();
  }
}

const importFiles: Command = async (services, files, say) => {
  if (files.length === 0) throw new ToolError("CONFIG_ERROR", "Which file?", { hint: "Name one or more YAML or JSON files." });
  const owner = services.userOf(localPrincipal);
  let failed = 0;
  for (const file of files) {
    const results = await services.importer.import(owner, readBundle(parseYaml(readFileSync(file, "utf8"))), { seedPath: file });
    for (const { item, outcome, warnings, error } of results) {
      say(`${outcome.padEnd(9)} ${item}${error === undefined ? "" : `: ${error}`}`);
      for (const warning of warnings) say(`          ${warning}`);
      if (outcome === "failed") failed += 1;
    }
  }
  return failed === 0 ? 0 : 1;
};

const commands: Readonly<Record<string, Command>> = {
  seed: importFiles,
  import: importFiles,
  async export(services, [file], say) {
    const text = JSON.stringify(services.importer.export(), null, 2);
    if (file === undefined) say(text);
    else writeFileSync(file, `${text}\n`);
    return 0;
  },
  async sync(services, _args, say) {
    if (services.sync === undefined) throw new ToolError("CONFIG_ERROR", "No bucket is configured.", { hint: "Set JQ_DATA_SYNC_BUCKET." });
    const { pulled, pushed, head_seq, conflicts } = await services.sync.sync();
    say(`pulled ${pulled}, pushed ${pushed}, head ${head_seq}, open conflicts ${conflicts}`);
    return 0;
  },
  async doctor(services, _args, say) {
    say(`schema      ${versionOf(services.db)} of ${schemaVersion}`);
    say(`library     ${services.reader.items("function").length} functions, ${services.reader.items("tool").length} tools`);
    const { wasm, native } = services.engines;
    say(`engine      built-in jq ${wasm.version.jq}${native === undefined ? "" : `, native jq ${native.version.jq}`}`);
    say(`datasets    ${(await services.datasets.list()).length}`);
    if (services.sync !== undefined) await services.sync.sync().catch(() => undefined);
    const status = services.sync?.status();
    if (status === undefined) say("sync        off");
    else {
      say(`sync        last ${status.last_sync ?? "never"}, head ${status.head_seq}, outbox ${status.outbox}, open conflicts ${status.open_conflicts}`);
      if (status.last_error !== null) say(`            ${status.last_error}`);
    }
    let healthy = true;
    for (const [name, check] of Object.entries(services.ready)) {
      const ok = await check().then(() => true, () => false);
      say(`${name.padEnd(11)} ${ok ? "ok" : "FAILED"}`);
      healthy &&= ok;
    }
    return healthy ? 0 : 1;
  },
  async users(services, [id, role], say) {
    if (id !== undefined) {
      if (!(roles as readonly string[]).includes(role ?? "")) throw new ToolError("CONFIG_ERROR", `A role is one of ${roles.join(", ")}.`);
      services.journal.commit([{ kind: "role", actor: "local", user: id, role: role as Role }]);
    }
    for (const user of services.users.list()) say(`${user.role.padEnd(6)} ${user.id}  ${user.last_active ?? "never"}`);
    return 0;
  },
};
