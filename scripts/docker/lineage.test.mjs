import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startComposed, statusWithoutKey } from "./start-composed.mjs";

const folder = mkdtempSync(join(tmpdir(), "mcp-data-lineage-"));
let server;

beforeAll(async () => {
  server = await startComposed("lineage", { places: { "/var/lib/lineage": folder } });
});

afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("the container's health command finds it healthy", async () => {
  expect(await server.health()).toBe("healthy");
});

test("a caller with the key is told what is recorded: nothing yet, in its volume", async () => {
  const client = await server.connect();
  const { data } = await client.callTool("list_notebooks", {});
  expect(data.total).toBe(0);
  expect(readdirSync(folder)).not.toEqual([]);
  await client.close();
});

test("without a key there is no answer", async () => {
  expect(await statusWithoutKey(server.url)).toBe(401);
});
