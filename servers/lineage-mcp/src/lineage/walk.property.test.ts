import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openRecorded } from "../../test/support/recorded.ts";
import { walkColumns, walkDatasets } from "./walk.ts";
import type { Direction } from "./walk-sql.ts";

interface Source {
  readonly input: number;
  readonly column: number;
  readonly to: number | null;
  readonly direct: boolean;
}

/** One run made one dataset; a later one of the same dataset replaces it. */
interface Made {
  readonly output: number;
  readonly sources: readonly Source[];
}

const size = 8;
const columns = 3;
const name = (n: number) => `/d${n}`;
const facet = (of: string, version: string) => ({
  _producer: "https://example.com/test",
  _schemaURL: `https://openlineage.io/spec/facets/${version}/${of}.json#/$defs/${of}`,
});

function line(world: number, n: number, { output, sources }: Made): string {
  const file = (each: number) => ({ namespace: `w${world}`, name: name(each) });
  const inputField = (source: Source) => ({
    ...file(source.input),
    field: `c${source.column}`,
    transformations: [{ type: source.direct ? "DIRECT" : "INDIRECT", subtype: "X" }],
  });
  const fields: Record<string, { inputFields: object[] }> = {};
  for (const source of sources) {
    if (source.to === null) continue;
    fields[`c${source.to}`] ??= { inputFields: [] };
    fields[`c${source.to}`]?.inputFields.push(inputField(source));
  }
  return JSON.stringify({
    eventType: "COMPLETE",
    eventTime: new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString(),
    producer: "https://example.com/test",
    schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    run: { runId: `${String(world).padStart(8, "0")}-0000-7000-8000-${String(n).padStart(12, "0")}` },
    job: { namespace: "test", name: "job" },
    inputs: [],
    outputs: [
      {
        ...file(output),
        facets: {
          columnLineage: {
            ...facet("ColumnLineageDatasetFacet", "1-2-0"),
            fields,
            dataset: sources.filter(({ to }) => to === null).map(inputField),
          },
        },
      },
    ],
  });
}

/** The latest run of each output alone counts. */
function current(made: readonly Made[]): readonly Made[] {
  return [...new Map(made.map((each) => [each.output, each])).values()];
}

function datasetsByHand(made: readonly Made[], start: number, direction: Direction, depth: number) {
  const edges = current(made).flatMap(({ output, sources }) =>
    [...new Set(sources.map(({ input }) => input))]
      .filter((input) => input !== output)
      .map((input) => ({ from: input, to: output })),
  );
  const at = new Map([[start, 0]]);
  const found: string[] = [];
  const queue = [start];
  let more = false;
  for (const node of queue) {
    const distance = at.get(node) ?? 0;
    for (const { from, to } of edges) {
      const [near, far] = direction === "upstream" ? [to, from] : [from, to];
      if (near !== node) continue;
      if (distance === depth) more = true;
      if (distance === depth) continue;
      found.push(`${from}>${to}@${distance + 1}`);
      if (at.has(far)) continue;
      at.set(far, distance + 1);
      queue.push(far);
    }
  }
  return { edges: found.sort(), more };
}

interface Node {
  readonly dataset: number;
  readonly column: number | null;
}

function columnsByHand(made: readonly Made[], start: Node, direction: Direction, depth: number) {
  const edges = current(made).flatMap(({ output, sources }) =>
    sources.map(({ input, column, to, direct }) => ({
      from: { dataset: input, column },
      to: { dataset: output, column: to },
      direct,
    })),
  );
  const seen = new Set<string>();
  const found = new Map<string, number>();
  let frontier = [start];
  for (let distance = 1; distance <= depth && frontier.length > 0; distance += 1) {
    const next: Node[] = [];
    for (const { from, to, direct } of edges) {
      const [near, far]: [Node, Node] = direction === "upstream" ? [to, from] : [from, to];
      const touched = frontier.some(
        (each) =>
          each.dataset === near.dataset &&
          (each.column === null || near.column === null || each.column === near.column),
      );
      if (!touched) continue;
      const key = `${from.dataset}.${from.column}>${to.dataset}.${to.column}:${direct}`;
      if (!found.has(key)) found.set(key, distance);
      const farKey = `${far.dataset}.${far.column}`;
      if (!direct || seen.has(farKey)) continue;
      seen.add(farKey);
      next.push(far);
    }
    frontier = next;
  }
  return [...found].map(([key, distance]) => `${key}@${distance}`).sort();
}

const node = fc.nat(size - 1);
const source = fc.record({
  input: node,
  column: fc.nat(columns - 1),
  to: fc.option(fc.nat(columns - 1)),
  direct: fc.boolean(),
});
const world = fc.record({
  made: fc.array(fc.record({ output: node, sources: fc.array(source, { maxLength: 4 }) }), { maxLength: 20 }),
  start: node,
  column: fc.option(fc.nat(columns - 1)),
  direction: fc.constantFrom<Direction>("upstream", "downstream"),
  depth: fc.integer({ min: 1, max: 6 }),
});

test("both walks find what a plain search by hand finds, in graphs with cycles and replaced runs", {
  timeout: 120_000,
}, async () => {
  await using recorded = openRecorded(null);
  const { memory } = recorded.services;
  let worlds = 0;
  await fc.assert(
    fc.asyncProperty(world, async ({ made, start, column, direction, depth }) => {
      worlds += 1;
      const namespace = `w${worlds}`;
      const text = made.map((each, n) => `${line(worlds, n, each)}\n`).join("");
      if (text !== "") writeFileSync(join(recorded.home.events, `w${worlds}_lineage.jsonl`), text);
      await memory.fresh();
      const short = (each: { name: string }) => each.name.slice(2);
      const walked = await walkDatasets(memory, [{ namespace, name: name(start) }], direction, depth);
      const byHand = datasetsByHand(made, start, direction, depth);
      expect(
        walked.edges.map(({ from, to, distance }) => `${short(from)}>${short(to)}@${distance}`).sort(),
      ).toEqual(byHand.edges);
      expect(walked.cut).toBe(byHand.more);
      const from = { namespace, name: name(start), column: column === null ? null : `c${column}` };
      const stepped = await walkColumns(memory, [from], direction, depth);
      const plain = (each: string | null) => (each === null ? "null" : each.slice(1));
      expect(
        stepped
          .map(
            (edge) =>
              `${short(edge.from)}.${plain(edge.from.column)}>${short(edge.to)}.${plain(edge.to.column)}:${edge.type === "DIRECT"}@${edge.distance}`,
          )
          .sort(),
      ).toEqual(columnsByHand(made, { dataset: start, column }, direction, depth));
    }),
    { numRuns: 40 },
  );
  const dead = await memory.rows("SELECT reason FROM dead_letters LIMIT 1");
  expect(dead).toEqual([]);
});
