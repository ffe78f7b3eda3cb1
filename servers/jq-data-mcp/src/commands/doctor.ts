import { asToolError } from "@mcp-data/core";
import { versionOf } from "../store/migrate.ts";
import { schemaVersion } from "../store/schema.ts";
import type { Command } from "./command.ts";

export const doctorCommand: Command = {
  usage: "",
  help: "None",
  summary: "check store, engine, data and bucket; exit 1 when something fails",
  min: 0,
  max: 0,
  async run(services, _args, say) {
    const line = (name: string, text: string) => say(`${name.padEnd(12)}${text}`);
    const { db, reader, engines, sync } = services;
    line("store", db.get<{ file: string }>("PRAGMA database_list")?.file ?? "");
    line("schema", `${versionOf(db)} of ${schemaVersion}`);
    line("library", `${reader.items("function").length} functions, ${reader.items("tool").length} tools`);
    line("proposals", `${services.proposals.list({ status: "open", limit: 0 }).total} open`);
    const native = engines.native === undefined ? "" : `, native jq ${engines.native.version.jq}`;
    line("engine", `built-in jq ${engines.wasm.version.jq}${native}`);
    const { total } = await services.datasets.list({ limit: 1 });
    line("datasets", `${total}`);
    if (sync === undefined) line("sync", "off");
    else {
      await sync.sync().catch(() => undefined);
      const { last_sync, head_seq, outbox, open_conflicts, last_error } = sync.status();
      line(
        "sync",
        `last ${last_sync ?? "never"}, head ${head_seq}, outbox ${outbox}, open conflicts ${open_conflicts}`,
      );
      if (last_error !== null) line("", last_error);
    }
    let healthy = true;
    const writable = async () => db.transaction(() => undefined);
    for (const [name, check] of Object.entries({ ...services.ready, writable })) {
      const problem = await check().then(
        () => undefined,
        (error: unknown) => asToolError(error).message,
      );
      line(name, problem === undefined ? "ok" : `FAILED: ${problem}`);
      healthy &&= problem === undefined;
    }
    return healthy ? 0 : 1;
  },
};
