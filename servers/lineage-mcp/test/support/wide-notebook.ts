import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { demoFolder, tempFolder } from "./recorded.ts";

type Event = Record<string, unknown>;

const recorded = (family: string) =>
  readdirSync(demoFolder)
    .filter((name) => name.endsWith(`_${family}.jsonl`) && name.includes("0eaad6c9"))
    .flatMap((name) => readFileSync(join(demoFolder, name), "utf8").split("\n").filter(Boolean))
    .map((line) => JSON.parse(line) as Event);

/** Event files of a notebook in which `count` cells each make one frame of one or two earlier ones. */
export function wideNotebook(count: number, nameOf: (n: number) => string): string {
  const runtime = recorded("runtime");
  const [session] = runtime;
  const graph = runtime.find((event) => event.event_type === "notebook_graph");
  const start = runtime.find((event) => event.event_type === "cell_execution_start");
  const end = runtime.find((event) => event.event_type === "cell_execution_end");
  const complete = recorded("lineage").find(
    (event) => event.eventType === "COMPLETE" && (event.outputs as unknown[]).length > 0,
  );
  const uuid = (n: number) => `01a1f8fb-0000-7000-8000-${String(n).padStart(12, "0")}`;
  const parentsOf = (n: number) => (n < 12 ? [] : [...new Set([n - 12, Math.floor(n / 2)])]);
  const cellOf = (n: number) => ({
    cell_id: `c${n}`,
    cell_name: nameOf(n),
    cell_index: n,
    code_hash: "0123456789abcdef",
    language: "python",
    defs: [`${nameOf(n)}_frame`],
    refs: parentsOf(n).map((parent) => `${nameOf(parent)}_frame`),
    parents: parentsOf(n).map((parent) => `c${parent}`),
    children: [],
    disabled: false,
  });
  const frameOf = (n: number) => ({
    namespace: "inmemory://",
    name: `${session?.notebook_hash}/${session?.session_id}/${nameOf(n)}_frame`,
  });
  const numbers = Array.from({ length: count }, (_, n) => n);
  const lines = [
    session,
    { ...graph, cells: numbers.map(cellOf), unparsable: [] },
    ...numbers.flatMap((n) => {
      const own = { run_id: uuid(n), cell_id: `c${n}`, cell_name: nameOf(n), cell_index: n };
      return [
        { ...start, ...own, event_id: uuid(1_000 + n) },
        { ...end, ...own, event_id: uuid(2_000 + n), duration_ms: n === 7 ? 4_200 : (n * 37) % 200 },
      ];
    }),
  ];
  const [template] = (complete?.outputs ?? []) as { facets: Event }[];
  const { columnLineage, lineageMcp_confidence, ...facets } = template?.facets ?? {};
  const lineage = numbers.map((n) => {
    const inputs = parentsOf(n).map(frameOf);
    return {
      ...complete,
      run: { ...(complete?.run as Event), runId: uuid(n) },
      inputs,
      outputs: [{ ...frameOf(n), facets }],
    };
  });
  const folder = tempFolder();
  mkdirSync(folder, { recursive: true });
  const write = (name: string, events: readonly unknown[]) =>
    writeFileSync(join(folder, name), `${events.map((event) => JSON.stringify(event)).join("\n")}\n`);
  write("w_runtime.jsonl", lines);
  write("w_lineage.jsonl", lineage);
  return folder;
}
