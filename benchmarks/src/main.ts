import { keep, type Result } from "./harness/result.ts";
import { catalog } from "./suites/catalog.ts";
import { gate } from "./suites/gate.ts";
import { habu } from "./suites/habu.ts";
import { habuLimits } from "./suites/habu-limits.ts";
import { jqBig } from "./suites/jq-big.ts";
import { jqCalls } from "./suites/jq-calls.ts";
import { jqLoad } from "./suites/jq-load.ts";
import { jqSync } from "./suites/jq-sync.ts";
import { lineageIngest } from "./suites/lineage-ingest.ts";
import { lineageMemory } from "./suites/lineage-memory.ts";
import { lineageOverhead } from "./suites/lineage-overhead.ts";
import { lineageServer } from "./suites/lineage-server.ts";
import { packaged } from "./suites/package.ts";
import { peers } from "./suites/peers.ts";

/** Result file name to suite; the README's tables come in the order of the names. */
const suites: Readonly<Record<string, () => Promise<Result>>> = {
  "habu-1-emulator": habu,
  "habu-2-limits": habuLimits,
  "jq-data-1-calls": jqCalls,
  "jq-data-2-big": jqBig,
  "jq-data-3-load": jqLoad,
  "jq-data-4-sync": jqSync,
  "lineage-1-rest": lineageServer,
  "lineage-2-ingest": lineageIngest,
  "lineage-3-overhead": lineageOverhead,
  "lineage-4-memory": lineageMemory,
  "sql-explorer-1-peers": peers,
  "sql-explorer-2-gate": gate,
  "sql-explorer-3-catalog": catalog,
  "sql-explorer-4-package": packaged,
};

/** Half an hour: only when named. */
const long: ReadonlySet<string> = new Set(["lineage-4-memory"]);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.keys(suites).some((suite) => suite.includes(name)));
if (unknown.length > 0) {
  console.error(`unknown suite ${unknown.join(", ")}; there are ${Object.keys(suites).join(", ")}`);
  process.exit(2);
}
for (const [name, suite] of Object.entries(suites)) {
  if ((wanted.length === 0 && !long.has(name)) || wanted.some((word) => name.includes(word)))
    keep(name, await suite());
}
