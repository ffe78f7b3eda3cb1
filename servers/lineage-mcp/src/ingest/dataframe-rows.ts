import type { Json } from "../events/validate.ts";
import { micros } from "../store/rows.ts";
import type { Batch } from "./batch.ts";
import { text } from "./runtime-rows.ts";

/** Rows of one operation, schema or binding event, of either version. */
export function dataframeRows(event: Json, key: string, legacy: boolean, batch: Batch): void {
  batch.touch(text(event.notebook_hash));
  if (event.event_type === "dataframe_schema") {
    batch.schema(String(event.schema_id), event.columns as string[]);
    batch.rows.add("schemas", {
      schema_id: text(event.schema_id),
      session_uuid: text(event.session_uuid),
      columns: JSON.stringify(event.columns),
      event_key: key,
    });
    return;
  }
  if (event.event_type === "dataframe_binding") {
    batch.rows.add("bindings", {
      event_key: key,
      run_id: text(event.run_id),
      session_id: text(event.session_id),
      notebook_hash: text(event.notebook_hash),
      variable: text(event.variable),
      uid: text(event.uid),
      library: text(event.library),
      kind: text(event.kind),
      row_count: event.rows as number,
      nbytes: event.nbytes as number,
      schema_id: text(event.schema_id),
      at: micros(event.timestamp),
    });
    batch.binding(event);
    return;
  }
  const performance = (event.performance ?? {}) as Json;
  batch.rows.add("dataframe_lineage_events", {
    event_key: key,
    event_type: "dataframe_lineage",
    execution_id: text(event.execution_id),
    cell_id: text(event.cell_id),
    session_id: text(event.session_id),
    timestamp: micros(event.timestamp),
    emitted_at: micros(event.emitted_at),
    operation_type: text(event.operation_type),
    operation_method: text(event.operation_method),
    operation_code: text(event.operation_code) ?? text(event.sql),
    operation_parameters: JSON.stringify(event.operation_parameters ?? event.params ?? {}),
    input_dataframes: JSON.stringify(event.input_dataframes ?? event.inputs ?? []),
    output_dataframes: JSON.stringify(event.output_dataframes ?? (event.output ? [event.output] : [])),
    column_lineage: JSON.stringify(
      event.column_lineage ?? {
        column_map: event.column_map,
        identity: event.identity,
        influences: event.influences,
      },
    ),
    overhead_ms: performance.overhead_ms as number,
    df_size_mb: performance.df_size_mb as number,
    sampled: performance.sampled as boolean,
    run_id: text(event.run_id),
    notebook_hash: text(event.notebook_hash),
    seq: event.seq as number,
    library: text(event.library) ?? (legacy ? "pandas" : undefined),
    confidence: text(event.confidence) ?? "unstated",
    sql_text: text(event.sql),
    line: event.line as number,
    duration_ms: event.duration_ms as number,
    reason: text(event.reason),
    schema_version: legacy ? 1 : 2,
  });
  if (!legacy) batch.operation(event);
}
