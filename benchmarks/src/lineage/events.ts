import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const demo = fileURLToPath(new URL("../../../servers/lineage-mcp/demo/", import.meta.url));

type Event = Record<string, unknown>;

/** Real events of the recorded session, as templates. */
function recorded(family: string): Event[] {
  return readdirSync(demo)
    .filter(
      (name) => name.endsWith(`_${family}.jsonl`) && (family !== "lineage" || !name.includes("dataframe")),
    )
    .flatMap((name) => readFileSync(`${demo}${name}`, "utf8").split("\n").filter(Boolean))
    .map((line) => JSON.parse(line) as Event);
}

const start = recorded("runtime").find(
  (event) => event.event_type === "cell_execution_start" && event.cell_id === "Hbol",
);
const end = recorded("runtime").find(
  (event) => event.event_type === "cell_execution_end" && event.cell_id === "Hbol",
);
const complete = recorded("lineage")
  .filter((event) => event.eventType === "COMPLETE")
  .sort((a, b) => distance(a) - distance(b))[0];

function distance(event: Event): number {
  return Math.abs(JSON.stringify(event).length - 4_000);
}

/** The `n`th id of a series. */
function id(series: string, n: number): string {
  return `${series}-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;
}

/** Start and end of one cell run, two lines. */
export function cellRun(series: string, n: number, cell = "load_orders"): readonly [string, string] {
  const timestamp = new Date().toISOString();
  const own = { run_id: id(`${series.slice(0, 7)}a`, n), cell_name: cell, timestamp, emitted_at: timestamp };
  return [
    JSON.stringify({ ...start, ...own, event_id: id(`${series.slice(0, 7)}b`, n) }),
    JSON.stringify({ ...end, ...own, event_id: id(`${series.slice(0, 7)}c`, n) }),
  ];
}

/** A terminal RunEvent of about 4 KB with column lineage. */
export function runEvent(series: string, n: number): string {
  return JSON.stringify({ ...complete, run: { ...(complete?.run as Event), runId: id(series, n) } });
}

/** A terminal RunEvent that makes one dataset of others, each column from a column. */
export function madeOf(series: string, n: number, output: string, inputs: readonly string[]): string {
  const facet = (name: string, version: string) => ({
    _producer: "https://example.org/benchmark",
    _schemaURL: `https://openlineage.io/spec/facets/${version}/${name}.json#/$defs/${name}`,
  });
  const file = (name: string) => ({ namespace: "file", name: `/data/${name}` });
  return JSON.stringify({
    eventType: "COMPLETE",
    eventTime: "2026-01-01T00:00:00Z",
    producer: "https://example.org/benchmark",
    schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    run: { runId: id(series, n) },
    job: { namespace: "benchmark", name: output },
    inputs: inputs.map(file),
    outputs: [
      {
        ...file(output),
        facets: {
          columnLineage: {
            ...facet("ColumnLineageDatasetFacet", "1-2-0"),
            fields: {
              value: {
                inputFields: inputs.map((name) => ({
                  ...file(name),
                  field: "value",
                  transformations: [{ type: "DIRECT", subtype: "IDENTITY" }],
                })),
              },
            },
          },
        },
      },
    ],
  });
}
