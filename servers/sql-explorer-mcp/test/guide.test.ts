import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { openShop } from "./support/explorer.ts";

const page = fileURLToPath(new URL("../../../docs/guides/sql-explorer-worked-example.md", import.meta.url));
const block = /```json (call=(?<tool>\w+)|answer|error)\n(?<body>[\s\S]*?)```/g;

const steps = [...readFileSync(page, "utf8").matchAll(block)];
const shop = await openShop();
afterAll(() => shop[Symbol.asyncDispose]());

test.each(
  steps.flatMap((step, at) => (step.groups?.tool === undefined ? [] : [[step.groups.tool, at] as const])),
)("the worked example's %s (block %i) answers as the page says", async (tool, at) => {
  const answer = await shop.call(tool, JSON.parse(steps[at]?.groups?.body ?? "") as object);
  const expected = JSON.parse(steps[at + 1]?.groups?.body ?? "") as object;
  const isError = steps[at + 1]?.[1] === "error";
  expect(answer).toMatchObject({ success: !isError, [isError ? "error" : "data"]: loosely(expected) });
});

test("the page has calls", () => {
  expect(steps.length).toBeGreaterThanOrEqual(10);
});

/** A list on the page names items the answer must contain, not all of them. */
function loosely(expected: unknown): unknown {
  if (Array.isArray(expected))
    return expect.arrayContaining(
      expected.map((item) => (isObject(item) ? expect.objectContaining(loosely(item) as object) : item)),
    );
  if (!isObject(expected)) return expected;
  return Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, loosely(value)]));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
