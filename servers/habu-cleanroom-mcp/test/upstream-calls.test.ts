import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tools } from "../src/tools/index.ts";
import { openTools } from "./helpers/tool-bench.ts";
import { type Measured, measured } from "./upstream-calls.ts";

const page = join(import.meta.dirname, "../../../docs/reference/habu-cleanroom-mcp-upstream-calls.md");

interface Cost extends Measured {
  readonly first: readonly (readonly [string, number])[];
  readonly second: number;
}

test("every tool's first call asks no more than the page says, and the same call again nothing, unless that is its purpose", {
  timeout: 60_000,
}, async () => {
  expect(measured.map(({ tool }) => tool)).toEqual(tools.map(({ name }) => name));
  const costs: Cost[] = [];
  for (const one of measured) {
    const { ok, emulator, call } = await openTools();
    // The token is there, the cache is empty: as on most days.
    await call("test_connection");
    emulator.clock.advance(11 * 60_000);
    emulator.journal.clear();
    await ok(one.tool, one.args);
    const first = Object.entries(emulator.journal.counts());
    emulator.journal.clear();
    await ok(one.tool, one.args);
    const second = Object.values(emulator.journal.counts()).reduce((sum, calls) => sum + calls, 0);
    costs.push({ ...one, first, second });
    expect([one.tool, second > 0]).toEqual([one.tool, one.again !== undefined]);
  }
  const text = pageOf(costs);
  if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(page, text);
  expect(readFileSync(page, "utf8")).toBe(text);
});

function pageOf(costs: readonly Cost[]): string {
  const rows = costs.map(({ tool, args, again, first, second }) =>
    [
      "",
      `\`${tool}\``,
      `\`${JSON.stringify(args)}\``,
      first.reduce((sum, [, calls]) => sum + calls, 0),
      first.map(([operation, calls]) => `\`${operation}\`${calls === 1 ? "" : ` × ${calls}`}`).join(", "),
      again === undefined ? String(second) : `${second}: ${again}`,
      "",
    ]
      .join(" | ")
      .trim(),
  );
  return [
    "# habu-cleanroom-mcp: what a call asks of the platform",
    "Generated from the emulator's journal by `servers/habu-cleanroom-mcp/test/upstream-calls.test.ts`, which fails when a tool asks for more or less. The first call finds an empty cache and a token; the same call again follows at once. Lists stay for a minute, runs for five, sources and types for ten; any write of this server empties the cache.",
    [
      "| Tool | Call | Requests | Of them | The same call again |",
      "| --- | --- | --- | --- | --- |",
      ...rows,
    ].join("\n"),
    "",
  ]
    .join("\n\n")
    .trimEnd()
    .concat("\n");
}
