import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsClient } from "aws4fetch";
import { startS3 } from "../../../scripts/services/s3.mjs";
import { s3Store } from "../../../servers/jq-data-mcp/src/sync/s3-store.ts";
import { openInstance } from "../../../servers/jq-data-mcp/test/support/instance.ts";
import { median } from "../harness/numbers.ts";
import type { Result } from "../harness/result.ts";

const rounds = 7;
const operations = 1_000;
const keys = { accessKeyId: "test", secretAccessKey: "test" };

/** An instance that was away learns what happened, from a real S3-compatible server. */
export async function jqSync(): Promise<Result> {
  const server = await startS3();
  const folder = mkdtempSync(join(tmpdir(), "bench-jq-sync-"));
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const bucket = `bench-${process.pid}-${round}`;
    await new AwsClient({ ...keys, service: "s3", region: "us-east-1" }).fetch(`${server.url}/${bucket}`, {
      method: "PUT",
    });
    const store = s3Store({ bucket, endpoint: server.url, region: "us-east-1", ...keys });
    const busy = openInstance(join(folder, `${round}-busy.db`), store);
    const away = openInstance(join(folder, `${round}-away.db`), store);
    await busy.sync.sync();
    await away.sync.sync();
    // An edit is two operations: its version and its activation.
    for (let edit = 0; edit < operations / 2; edit += 1) busy.edit(`tool${edit % 50}`, `${edit}`);
    await busy.sync.sync();
    const started = performance.now();
    await away.sync.sync();
    times.push(performance.now() - started);
    const found = away.db.get<{ n: number }>("SELECT count(*) AS n FROM versions")?.n;
    if (found !== operations / 2) throw new Error(`${found} of ${operations / 2} versions arrived`);
    busy.db.close();
    away.db.close();
  }
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
  return {
    title: "jq-data-mcp's sync through an S3-compatible server",
    rows: [
      {
        measure: "Catch-up of 1,000 operations",
        unit: "ms",
        lower_is_better: true,
        ours: median(times),
        others: {},
        goal: "≤ 1 s",
      },
    ],
  };
}
