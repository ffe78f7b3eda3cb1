import { createHash } from "node:crypto";
import type { Json } from "../events/validate.ts";
import { type Micros, micros } from "../store/rows.ts";
import type { Batch } from "./batch.ts";
import { text } from "./runtime-rows.ts";

/** Rows of one OpenLineage RunEvent: ours, another producer's, or version 1's. */
export function lineageRows(event: Json, key: string, line: string, legacy: boolean, batch: Batch): void {
  const run = (event.run ?? {}) as Json;
  const job = (event.job ?? {}) as Json;
  const facets = (run.facets ?? {}) as Json;
  const own = (facets.lineageMcp_marimoRun ?? facets.lineageMcp_marimoSession ?? {}) as Json;
  const old = (facets.marimoExecution ?? {}) as Json;
  const id = runId(text(run.runId) ?? "", legacy);
  const at = micros(event.eventTime);
  batch.rows.add("ol_events", {
    event_key: key,
    event_type: text(event.eventType),
    run_id: id,
    execution_id: text(own.executionId) ?? text(old.executionId),
    job_namespace: text(job.namespace),
    job_name: text(job.name),
    event_time: at,
    session_id: text(own.sessionId) ?? text(event.session_id) ?? text(old.sessionId),
    emitted_at: micros(event.emitted_at) ?? at,
    event: line,
  });
  batch.touch(text(own.notebookHash));
  const outputs = (event.outputs as Json[] | undefined) ?? [];
  const inputs = (event.inputs as Json[] | undefined) ?? [];
  if (outputs.length === 0 && inputs.length === 0) return;
  for (const dataset of [...inputs, ...outputs]) batch.dataset(dataset, own, at);
  for (const output of outputs) outputRows(output, inputs, id, at, batch);
}

function outputRows(output: Json, inputs: readonly Json[], run: string, at: Micros, batch: Batch): void {
  const facets = (output.facets ?? {}) as Json;
  const namespace = text(output.namespace) ?? "";
  const name = text(output.name) ?? "";
  const lineage = facets.columnLineage as Json | undefined;
  const doubts = (facets.lineageMcp_confidence ?? undefined) as Json | undefined;
  const schema = ((facets.schema as Json | undefined)?.fields as Json[] | undefined) ?? [];
  const statistics = ((output.outputFacets as Json | undefined)?.outputStatistics ?? {}) as Json;
  const confidences = (doubts?.columns ?? {}) as Record<string, string>;
  const byDefault = text(doubts?.default) ?? "unstated";
  batch.rows.add("dataset_versions", {
    namespace,
    name,
    version: text((facets.version as Json | undefined)?.datasetVersion) ?? run,
    run_id: run,
    row_count: statistics.rowCount as number,
    bytes: statistics.size as number,
    columns: JSON.stringify(schema.map((field) => [text(field.name), text(field.type) ?? null])),
    confidence: worst([...Object.values(confidences), byDefault]),
    created_at: at,
  });
  const sources = new Map<string, { namespace: string; name: string }>();
  const remember = (source: Json) => {
    const key = `${String(source.namespace)}\n${String(source.name)}`;
    if (!sources.has(key))
      sources.set(key, { namespace: String(source.namespace), name: String(source.name) });
  };
  const edge = (column: string | null, source: Json, confidence: string) => {
    remember(source);
    const all = (source.transformations as Json[] | undefined) ?? [
      { type: column === null ? "INDIRECT" : "DIRECT" },
    ];
    for (const transformation of all) {
      batch.columnEdge({
        run_id: run,
        out_namespace: namespace,
        out_name: name,
        out_column: column,
        in_namespace: text(source.namespace),
        in_name: text(source.name),
        in_column: text(source.field),
        type: text(transformation.type),
        subtype: text(transformation.subtype),
        masking: transformation.masking === true,
        confidence,
        at,
      });
    }
  };
  for (const [column, entry] of Object.entries((lineage?.fields ?? {}) as Record<string, Json>)) {
    for (const source of (entry.inputFields as Json[] | undefined) ?? [])
      edge(column, source, confidences[column] ?? byDefault);
  }
  for (const source of (lineage?.dataset as Json[] | undefined) ?? []) edge(null, source, byDefault);
  // Without column facts an output is taken to come from every input; so is one of which nobody saw how it was made.
  const unseen = doubts === undefined ? lineage === undefined : Object.values(confidences).includes("coarse");
  if (sources.size === 0 && unseen) for (const input of inputs) remember(input);
  for (const source of sources.values()) {
    if (source.namespace === namespace && source.name === name) continue;
    batch.datasetEdge({
      run_id: run,
      out_namespace: namespace,
      out_name: name,
      in_namespace: source.namespace,
      in_name: source.name,
      at,
    });
  }
}

const ranks = ["exact", "unstated", "inferred", "coarse"];

function worst(all: readonly string[]): string {
  return ranks[Math.max(...all.map((each) => ranks.indexOf(each)))] ?? "unstated";
}

/** Version 1 wrote 8 digits; a stable UUID stands for them. */
function runId(given: string, legacy: boolean): string {
  if (!legacy || /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(given)) return given;
  const hex = createHash("sha256").update(`legacy run ${given}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
