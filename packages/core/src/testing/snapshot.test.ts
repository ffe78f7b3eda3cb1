import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { shopCatalogue } from "../mcp/fixtures/catalogue.ts";
import { snapshotDrift } from "./snapshot.ts";

function folder() {
  const path = mkdtempSync(join(tmpdir(), "snapshots-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const tools = shopCatalogue.tools;

test("writes a file per tool on request and is content with it afterwards", () => {
  const path = join(folder(), "tools");
  expect(snapshotDrift({ folder: path, tools, update: false })).toHaveLength(tools.length);
  expect(snapshotDrift({ folder: path, tools, update: true })).toEqual([]);
  expect(readdirSync(path).sort()).toEqual(["fail.json", "get_price.json", "set_price.json", "wait.json"]);
  expect(snapshotDrift({ folder: path, tools, update: false })).toEqual([]);
  const held = JSON.parse(readFileSync(join(path, "get_price.json"), "utf8"));
  expect(held).toMatchObject({
    name: "get_price",
    inputSchema: { required: ["item"] },
    output: { properties: { price: { type: "number" } } },
    scopes: ["shop:read"],
    group: "read",
  });
});

test("tells a changed, a missing and a left-over definition, and how to accept them", () => {
  const path = folder();
  snapshotDrift({ folder: path, tools, update: true });
  writeFileSync(join(path, "gone.json"), "{}");
  rmSync(join(path, "fail.json"));
  const changed = tools.map((tool) =>
    tool.name === "wait" ? { ...tool, output: z.object({ waited_ms: z.string() }) } : tool,
  );
  const drift = snapshotDrift({ folder: path, tools: changed, update: false });
  expect(drift.map((line) => line.split(";")[0])).toEqual([
    "fail.json: no snapshot",
    "gone.json: no such tool any more",
    "wait.json: the definition changed",
  ]);
  expect(drift[0]).toContain("UPDATE_SNAPSHOTS=1");
  snapshotDrift({ folder: path, tools: changed, update: true });
  expect(readdirSync(path)).not.toContain("gone.json");
  expect(snapshotDrift({ folder: path, tools: changed, update: false })).toEqual([]);
});
