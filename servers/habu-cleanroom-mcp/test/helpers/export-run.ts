import { createLogger, Secret } from "@mcp-data/core";
import { createVirtualClock } from "../../src/clock/clock.ts";
import { configSchema } from "../../src/config.ts";
import { createServices } from "../../src/create-services.ts";
import { exportFile } from "../../src/results/export-file.ts";
import { rowPages } from "../../src/results/pages.ts";
import { readRows } from "../../src/results/table.ts";

// Exports one run and tells its memory (MB): usage URL CLIENT_ID SECRET STATE_DIR NOW RUN
const [url = "", clientId = "", secret = "", dir = "", now = "", runId = ""] = process.argv.slice(2);
const services = createServices({
  config: {
    ...configSchema.parse({ client_id: clientId, base_url: url, state_dir: dir }),
    client_secret: new Secret(secret),
  },
  clock: createVirtualClock(Number(now)),
  logger: createLogger({ server: "export-run", level: "error" }),
});
const total = 1_000_000;
const habu = services.habu.session({
  signal: AbortSignal.timeout(170_000),
  requestId: "export",
  budget: 2_000,
});
const { columns } = await readRows(habu, runId, 0, 1);
const early: number[] = [];
const late: number[] = [];
const pages = rowPages(habu, runId, total, (done) => {
  (done <= total / 2 ? early : late).push(process.memoryUsage().rss / 1e6);
});
const made = await exportFile({ folder: services.exportDir, name: "million", format: "csv", columns, pages });
process.send?.({ ...made, early: Math.max(...early), late: Math.max(...late) }, () => process.exit(0));
