import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { operationIds } from "../src/contract/operations.ts";
import { tools } from "../src/tools/index.ts";
import { plan } from "./traceability.ts";
import { reasonFor, traceabilityPage, usersOf } from "./traceability-page.ts";

const root = join(import.meta.dirname, "..");
const page = join(root, "../../docs/reference/habu-cleanroom-mcp-traceability.md");

test("every bullet names a test that exists", () => {
  for (const { bullet, file, title } of Object.values(plan).flat()) {
    const path = join(root, file);
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    expect([bullet, new RegExp(`["\`]${title.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&")}`).test(text)]).toEqual([
      bullet,
      true,
    ]);
  }
});

test("every tool has its bullets, and every operation a tool or a reason", () => {
  for (const { name } of tools) expect([name, (plan[name] ?? []).length > 0]).toEqual([name, true]);
  for (const id of operationIds) {
    expect([id, usersOf(id).length > 0 || reasonFor(id) !== ""]).toEqual([id, true]);
    if (usersOf(id).length > 0) expect([id, reasonFor(id)]).toEqual([id, ""]);
  }
});

test("every operation a tool lists is asked for somewhere, so that the page does not claim too much", () => {
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => readFileSync(join(root, "src", name), "utf8"))
    .join("\n");
  const asked = new Set([...sources.matchAll(/\.(?:call|text)\(\s*"(\w+)"/g)].map(([, id]) => id));
  const listed = new Set(tools.flatMap(({ needs, uses }) => [...needs, ...uses]));
  expect([...listed].filter((id) => !asked.has(id))).toEqual([]);
});

test("the page in the docs is up to date", () => {
  if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(page, traceabilityPage());
  expect(readFileSync(page, "utf8")).toBe(traceabilityPage());
});
