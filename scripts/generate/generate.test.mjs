import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { root, servers } from "../run/workspace.mjs";
import { benchmarkSection, verdict } from "./benchmarks.mjs";
import { clientSnippets, clientsSection } from "./clients.mjs";
import { configReference } from "./config.mjs";
import { jsonType } from "./json-type.mjs";
import { table } from "./markdown.mjs";
import { replaceSection, sectionNames } from "./section.mjs";
import { serverJson } from "./server-json.mjs";
import { toolReference, toolTable } from "./tools.mjs";

const hints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
const tool = {
  name: "find_things",
  title: "Find things",
  description: "Things by name | or part of it. Use it before reading one.",
  input: z.strictObject({
    name: z.string().describe("What to look for."),
    kinds: z.array(z.enum(["a", "b"])).optional(),
    limit: z.int().min(1).default(20),
  }),
  output: z.object({ things: z.array(z.string()) }),
  annotations: hints,
  scopes: ["data:read"],
  group: "read",
};
const catalogue = {
  title: "Things",
  tools: [tool, { ...tool, name: "drop_things", group: "admin" }],
  defaultGroups: ["read"],
};

test("a section is replaced between its markers, again and again with the same result", () => {
  const page = "top\n<!-- generated:tools -->\nold\n<!-- /generated:tools -->\nend";
  const once = replaceSection(page, "tools", "new");
  expect(once).toBe("top\n<!-- generated:tools -->\nnew\n<!-- /generated:tools -->\nend");
  expect(replaceSection(once, "tools", "new")).toBe(once);
  expect(sectionNames(once)).toEqual(["tools"]);
});

test("missing, swapped and doubled markers are errors", () => {
  expect(() => replaceSection("nothing", "tools", "x")).toThrow(/missing or out of order/);
  expect(() => replaceSection("<!-- /generated:a --><!-- generated:a -->", "a", "x")).toThrow(/out of order/);
  const twice = "<!-- generated:a --><!-- /generated:a -->".repeat(2);
  expect(() => replaceSection(twice, "a", "x")).toThrow(/twice/);
});

test("the tool table shows arguments, the first sentence, and how an opt-in group is shown", () => {
  const lines = toolTable(catalogue).split("\n");
  expect(lines[2]).toBe(
    "| `find_things` | `name`, `kinds?`, `limit?` | Things by name \\| or part of it. | always |",
  );
  expect(lines[3]).toContain("`--groups admin`");
  expect(toolTable({ ...catalogue, tools: [tool] })).not.toContain("always");
});

test("the tool reference lists every argument with type, default and meaning, and the output's shape", () => {
  const page = toolReference(catalogue);
  expect(page).toContain("| `name` | string | yes | What to look for. |");
  expect(page).toContain('| `kinds` | ("a" \\| "b")[] | no |  |');
  expect(page).toContain("| `limit` | integer | default 20 |  |");
  expect(page).toContain('"things"');
  expect(page).toContain("Reads only, repeating it changes nothing more.");
});

test("every client's snippet starts the package it names", () => {
  const snippets = clientSnippets("sql-explorer-mcp");
  expect(snippets.map(({ client }) => client)).toEqual([
    "Claude Desktop",
    "Claude Code",
    "Cursor",
    "VS Code",
  ]);
  for (const { language, text } of snippets) {
    if (language === "sh") {
      expect(text).toBe("claude mcp add sql-explorer -- npx -y sql-explorer-mcp --demo");
      continue;
    }
    const [entry] = Object.values(Object.values(JSON.parse(text))[0]);
    expect(entry).toMatchObject({ command: "npx", args: ["-y", "sql-explorer-mcp", "--demo"] });
  }
  expect(clientsSection("sql-explorer-mcp").match(/<details>/g)).toHaveLength(4);
});

test("a configuration's reference carries nested fields, defaults and meanings", () => {
  const config = z.strictObject({
    sources: z.array(z.strictObject({ id: z.string().describe("Its name."), limit: z.int().default(5) })),
    columns: z.record(z.string(), z.strictObject({ deny: z.array(z.string()).optional() })).optional(),
  });
  const page = configReference("x-mcp", z.toJSONSchema(config, { io: "input" }));
  expect(page).toContain("| `sources[].id` | string |  | Its name. |");
  expect(page).toContain("| `sources[].limit` | integer | `5` |  |");
  expect(page).toContain("| `columns.*.deny[]` | string[] |  |  |");
});

test("the registry entry follows package.json and refuses what the registry would", () => {
  const manifest = { name: "x-mcp", mcpName: "io.github.a/x-mcp", version: "1.2.3", description: "Short." };
  expect(serverJson(manifest, "X")).toMatchObject({
    name: "io.github.a/x-mcp",
    version: "1.2.3",
    packages: [{ identifier: "x-mcp", version: "1.2.3", transport: { type: "stdio" } }],
  });
  expect(() => serverJson({ ...manifest, mcpName: "x" }, "X")).toThrow(/mcpName/);
  expect(() => serverJson({ ...manifest, description: "d".repeat(101) }, "X")).toThrow(/has 101/);
});

test("a benchmark says who is ahead, who is behind, and what is a tie", () => {
  const row = (ours, theirs, lower_is_better) => ({ ours, others: { Peer: theirs }, lower_is_better });
  expect(verdict(row(100, 250, true), "Peer")).toBe("2.5× ahead of Peer");
  expect(verdict(row(100, 250, false), "Peer")).toBe("2.5× behind Peer");
  expect(verdict(row(100, 104, true), "Peer")).toBe("tie with Peer");
  expect(benchmarkSection([])).toMatch(/No results yet/);
  const rows = [{ measure: "Start", unit: "ms", ...row(140, 400, true) }];
  const text = benchmarkSection([{ title: "T", date: "2026-11-20", machine: "2 cores", rows }]);
  expect(text).toContain("| Start | 140 ms | 400 ms | 2.9× ahead of Peer |");
  const withGoal = rows.map((each) => ({ ...each, goal: "2×" }));
  expect(benchmarkSection([{ title: "T", date: "d", machine: "m", rows: withGoal }])).toContain(
    "| Verdict | Goal |",
  );
});

test("types read as words and cells cannot break a table", () => {
  expect(jsonType({ anyOf: [{ type: "string" }, { type: "null" }] })).toBe("string | null");
  expect(jsonType({ type: "object", additionalProperties: { type: "number" } })).toBe("map of number");
  expect(jsonType({})).toBe("any");
  expect(table(["a"], [["x|y\nz"]])).toBe("| a |\n|---|\n| x\\|y z |");
});

test("the first page shows every server's tools and how clients start it", () => {
  const shown = sectionNames(readFileSync(new URL("README.md", root), "utf8"));
  const names = servers().map(({ manifest }) => manifest.name);
  expect(shown).toEqual(
    expect.arrayContaining(names.flatMap((name) => [`tools:${name}`, `clients:${name}`])),
  );
});
