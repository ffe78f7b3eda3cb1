import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRedis } from "../services/redis.mjs";
import { startS3 } from "../services/s3.mjs";
import { startComposed, statusWithoutKey } from "./start-composed.mjs";

const folder = mkdtempSync(join(tmpdir(), "mcp-data-jq-"));
let s3;
let redis;
const servers = [];

beforeAll(async () => {
  [s3, redis] = await Promise.all([startS3(), startRedis()]);
  for (const bucket of ["library", "datasets"]) await fetch(`${s3.url}/${bucket}`, { method: "PUT" });
  const orders = [
    { item: "pear", price: 3 },
    { item: "fig", price: 5 },
  ];
  await fetch(`${s3.url}/datasets/orders.json`, { method: "PUT", body: JSON.stringify(orders) });
  for (const instance of ["one", "two"]) {
    servers.push(
      await startComposed("jq-data", {
        places: { "/var/lib/jq-data": join(folder, instance), "http://s3:7070": s3.url },
        env: {
          AWS_ACCESS_KEY_ID: "any",
          AWS_SECRET_ACCESS_KEY: "any",
          JQ_DATA_REDIS_URL: redis.url,
          JQ_DATA_CACHE_REDIS_URL: redis.url,
          JQ_DATA_GROUPS: "all",
        },
      }),
    );
  }
}, 120_000);

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await Promise.all([s3?.stop(), redis?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

test("the container's health command finds it healthy", async () => {
  expect(await servers[0].health()).toBe("healthy");
});

test("a caller with the key reads a dataset of the bucket, and a tool made here works on another instance", {
  timeout: 60_000,
}, async () => {
  const [one, two] = await Promise.all(servers.map((server) => server.connect()));
  const { data } = await one.callTool("list_datasets", {});
  const dataset = data.datasets[0].name;
  const total = { program: "map(.price) | add", dataset };
  expect((await one.callTool("query", total)).data.values).toEqual([8]);
  await one.callTool("manage_library", {
    action: "create",
    tool: { name: "total_price", description: "Sum of prices.", program: total.program },
  });
  await one.callTool("sync_now", {});
  await two.callTool("sync_now", {});
  expect((await two.callTool("run_tool", { name: "total_price", dataset })).data.values).toEqual([8]);
  await Promise.all([one.close(), two.close()]);
});

test("without a key there is no answer", async () => {
  expect(await statusWithoutKey(servers[0].url)).toBe(401);
});
