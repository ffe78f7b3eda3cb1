import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { notebookGraph, resources } from "../src/resources/index.ts";
import { openRecorded, tempFolder } from "./support/recorded.ts";
import { wideNotebook } from "./support/wide-notebook.ts";

const long = 300;

/** Foreign events: t0 goes into t1, that into t2, and so on. */
function chain(): string {
  const folder = tempFolder();
  const table = (n: number) => ({ namespace: "s3://lake", name: `t${n}` });
  const facet = {
    _producer: "https://example.com/spark",
    _schemaURL:
      "https://openlineage.io/spec/facets/1-2-0/ColumnLineageDatasetFacet.json#/$defs/ColumnLineageDatasetFacet",
  };
  const events = Array.from({ length: long }, (_, n) => ({
    eventType: "COMPLETE",
    eventTime: new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString(),
    producer: "https://example.com/spark",
    schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    run: { runId: `0190a3f2-0000-7000-8000-${String(n).padStart(12, "0")}` },
    job: { namespace: "spark", name: `job${n}` },
    inputs: [table(n)],
    outputs: [
      {
        ...table(n + 1),
        facets: {
          columnLineage: { ...facet, fields: { id: { inputFields: [{ ...table(n), field: "id" }] } } },
        },
      },
    ],
  }));
  writeFileSync(
    join(folder, "chain_lineage.jsonl"),
    events.map((event) => `${JSON.stringify(event)}\n`).join(""),
  );
  return folder;
}

test("all the way is all the way: no answer ends after some steps without saying so", {
  timeout: 120_000,
}, async () => {
  await using tools = openRecorded(chain());
  expect(await tools.ask("get_impact", { node: "s3://lake/t0" })).toMatchObject({
    total: long,
    counts: { datasets: long, columns: long },
  });
  expect(await tools.ask("get_impact", { node: "s3://lake/t0", column: "id" })).toMatchObject({
    total: long,
  });
  const lineage = { node: `s3://lake/t${long}`, depth: 0 };
  expect(await tools.ask("get_lineage", lineage)).toMatchObject({ total: long, depth_reached: false });
  expect(await tools.ask("get_lineage", { ...lineage, depth: 50 })).toMatchObject({
    total: 50,
    depth_reached: true,
  });
  expect(await tools.ask("get_column_lineage", { dataset: `s3://lake/t${long}`, depth: 0 })).toMatchObject({
    total: long,
  });
  for (const column of [{}, { from_column: "id", to_column: "id" }]) {
    const { paths } = await tools.ask<{ paths: { length: number }[] }>("get_lineage_paths", {
      from: "s3://lake/t0",
      to: `s3://lake/t${long}`,
      ...column,
    });
    expect(paths.map(({ length }) => length)).toEqual([long]);
  }
});

test("the graph of a very large notebook can be read, leaner", { timeout: 120_000 }, async () => {
  await using tools = openRecorded(wideNotebook(990, (n) => `step_${"x".repeat(60)}_${n}`));
  await tools.ask("get_status");
  const whole = await notebookGraph(tools.services, "22b09828");
  expect(JSON.stringify(whole).length).toBeGreaterThan(900_000);
  const [graph] = resources;
  const answer = await graph?.read({ hash: "22b09828" }, { services: tools.services } as never);
  const text = (answer as { text: string }).text;
  expect(text.length).toBeLessThan(1_000_000);
  const read = JSON.parse(text) as { cells: object[]; frames: object[]; left_out: string };
  expect([read.cells.length, read.frames.length]).toEqual([990, 990]);
  expect(read.left_out).toContain("columns");
  expect(read.cells[0]).not.toHaveProperty("refs");
});
