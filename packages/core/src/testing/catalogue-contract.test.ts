import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { type Shop, shopCatalogue } from "../mcp/fixtures/catalogue.ts";
import type { AnyTool } from "../tool/define-tool.ts";
import { checkCatalogue } from "./catalogue-contract.ts";

function testFolder(names: string[]) {
  const path = mkdtempSync(join(tmpdir(), "contract-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  mkdirSync(join(path, "deep"));
  for (const name of names) writeFileSync(join(path, "deep", name), "");
  return path;
}

const testFolders = () => [
  testFolder(["get-price.test.ts", "wait.test.ts", "set-price.test.ts", "fail.test.ts"]),
];

const base = shopCatalogue.tools[0] as AnyTool<Shop>;

function problemsOf(change: Partial<AnyTool<Shop>>) {
  const tool = { ...base, ...change };
  const catalogue = { ...shopCatalogue, tools: [tool] };
  return checkCatalogue({ catalogue, testFolders: testFolders() }).problems.map((line) =>
    line.slice(line.indexOf(": ") + 2),
  );
}

test("finds nothing in a catalogue that keeps the contract, and tells its size", () => {
  const report = checkCatalogue({ catalogue: shopCatalogue, testFolders: testFolders() });
  expect(report.problems).toEqual([]);
  expect(report.visible).toBe(4);
  expect(report.tokens).toBeGreaterThan(200);
  expect(report.tokens).toBeLessThan(1_500);
  expect(report.descriptions.get_price).toBe(base.description.length);
});

test.each<[string, Partial<AnyTool<Shop>>]>([
  ["the name is not snake_case", { name: "getPrice" }],
  ["the name is not snake_case", { name: "get__price" }],
  ["the name is longer than 40 characters", { name: `a${"_b".repeat(20)}` }],
  ["the title is empty", { title: " " }],
  ["the description is empty", { description: "" }],
  ["it is both read-only and destructive", { annotations: { ...base.annotations, destructiveHint: true } }],
  [
    "idempotentHint is not said",
    { annotations: { ...base.annotations, idempotentHint: undefined as never } },
  ],
  ["the input's root is not strict", { input: z.object({}) }],
  ["item has no description", { input: z.strictObject({ item: z.string() }) }],
  [
    "filters[].op has no description",
    { input: z.strictObject({ filters: z.array(z.strictObject({ op: z.string() })).describe("Filters.") }) },
  ],
  [
    "one.two has no description",
    {
      input: z.strictObject({
        one: z.union([z.string(), z.strictObject({ two: z.string() })]).describe("Either."),
      }),
    },
  ],
])("finds: %s", (problem, change) => {
  expect(problemsOf(change)).toContain(problem);
});

test("finds what is wrong with the catalogue as a whole", () => {
  const many = Array.from({ length: 13 }, (_, n) => ({ ...base, name: `tool_${n}` }));
  const catalogue = {
    ...shopCatalogue,
    tools: [...many, { ...base, name: "tool_0" }],
    instructions: "x".repeat(1_801),
    resources: [
      {
        ...(shopCatalogue.resources?.[0] as NonNullable<typeof shopCatalogue.resources>[number]),
        uriTemplate: "a://{",
      },
      {
        ...(shopCatalogue.resources?.[0] as NonNullable<typeof shopCatalogue.resources>[number]),
        uriTemplate: "a://{other}",
      },
    ],
  };
  const { problems } = checkCatalogue({ catalogue, testFolders: [], maxTokens: 100 });
  expect(problems).toContain("tool_0: defined twice");
  expect(problems).toContain("tool_1: no tool-1.test.ts");
  expect(problems).toContain("the instructions have 1801 characters, more than 1800");
  expect(problems).toContain("14 tools are shown by default, more than 12");
  expect(problems).toContain("resource item: completes name, which a://{other} does not have");
  expect(problems.some((line) => /^resource item: a:\/\/\{: unbalanced brace/.test(line))).toBe(true);
  expect(problems.some((line) => /costs \d+ tokens, more than 100/.test(line))).toBe(true);
});

test("finds a catalogue that shows nothing by default", () => {
  const catalogue = { ...shopCatalogue, defaultGroups: [], instructions: "" };
  const { problems } = checkCatalogue({ catalogue, testFolders: testFolders() });
  expect(problems).toEqual(["the instructions are empty", "no tool is shown by default"]);
});
