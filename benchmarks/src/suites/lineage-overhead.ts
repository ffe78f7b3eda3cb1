import type { Result, Row } from "../harness/result.ts";
import { type Loop, type Notebook, type Original, overhead } from "../lineage/overhead.ts";

const titles: Readonly<Record<string, string>> = {
  orders: "files, joins and a drawing",
  wide: "transforms of 200 columns",
  lazy: "polars, lazy",
};

/** What recording costs the notebook; without HUNYO_SOURCE the original is left out, and the title says so. */
export async function lineageOverhead(): Promise<Result> {
  const { loops, notebooks, versions, original } = await overhead();
  return {
    title: `What lineage-mcp's recording costs a notebook (${versions}; ${told(original)})`,
    rows: [...notebooks.flatMap(ofNotebook), ...loops.flatMap(ofLoop)],
  };
}

function told(original: Original | undefined): string {
  if (original === undefined) return "the original not at hand, left out";
  return `the original ${original.version} by its part for loops alone: a notebook with the two lines it asks for ${/^recorded/.test(original.notebook) ? original.notebook : `ends with ${original.notebook}`}`;
}

const shared = { lower_is_better: true };
const percent = (share: number) => Math.round(share * 10_000) / 100;

function ofNotebook(notebook: Notebook): Row[] {
  const name = `Notebook, ${titles[notebook.name] ?? notebook.name}`;
  return [
    {
      ...shared,
      measure: `${name}: wall time`,
      unit: "ms",
      ours: notebook.recorded_ms,
      others: { bare: notebook.bare_ms },
    },
    {
      ...shared,
      measure: "… more than bare",
      unit: "%",
      ours: percent(notebook.overhead),
      others: {},
      goal: "≤ 5 %",
    },
    { ...shared, measure: "… of CPU time", unit: "%", ours: percent(notebook.cpu_overhead), others: {} },
  ];
}

function ofLoop(loop: Loop): Row[] {
  const tiny = loop.rows < 1_000;
  const theirs = (key: "original_ms" | "original_overhead", scale: (value: number) => number) =>
    loop[key] === undefined ? {} : { original: scale(loop[key]) };
  return [
    {
      ...shared,
      measure: `Loop over ${tiny ? `frames of ${loop.rows} rows` : `${loop.rows.toLocaleString("en-US")} rows`}, nothing but operations: CPU time`,
      unit: "ms",
      ours: loop.recorded_ms,
      others: { bare: loop.bare_ms, ...theirs("original_ms", (ms) => ms) },
    },
    {
      ...shared,
      measure: "… more than bare",
      unit: "%",
      ours: percent(loop.overhead),
      others: theirs("original_overhead", percent),
      goal: tiny ? "≤ 12 %" : "≤ 5 %",
    },
    // Of large frames the noise is more than what recording takes.
    ...(tiny
      ? [
          {
            ...shared,
            measure: "… per operation",
            unit: "µs",
            ours: loop.us_per_operation,
            others: {},
            goal: "≤ 10 µs",
          },
        ]
      : []),
  ];
}
