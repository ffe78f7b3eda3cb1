import { writeSync } from "node:fs";
import * as api from "@duckdb/node-api";
import { createLogger } from "@mcp-data/core";
import { createCheckpoints } from "../../src/store/checkpoints.ts";
import { openDatabase } from "../../src/store/open.ts";

/** Commits row after row and checkpoints beside it until it is killed; says what was committed. usage: checkpointing.ts DATABASE */
const path = process.argv[2] ?? "";
const { instance, connection } = await openDatabase(api, path);
const checkpoints = createCheckpoints(
  instance,
  path,
  createLogger({ server: "test", level: "silent" }),
  20_000,
);
const [row] = (
  await connection.runAndReadAll("SELECT coalesce(max(run_id::INTEGER), -1)::INTEGER FROM cell_runs")
).getRows();
for (let n = Number(row?.[0]) + 1; ; n += 1) {
  await connection.run(
    `INSERT INTO cell_runs (run_id, cell_name, traceback) SELECT '${n}', md5(i::VARCHAR), repeat(md5(i::VARCHAR), 20) FROM range(40) AS t(i)`,
  );
  writeSync(1, `${n}\n`);
  checkpoints.look();
}
