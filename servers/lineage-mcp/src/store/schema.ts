/** Tables by name, columns in order with their types; the writer fills them by position. */
export const tables = {
  runtime_events: {
    event_key: "VARCHAR", event_type: "VARCHAR", execution_id: "VARCHAR", cell_id: "VARCHAR", cell_source: "VARCHAR",
    cell_source_lines: "INTEGER", start_memory_mb: "DOUBLE", end_memory_mb: "DOUBLE", duration_ms: "DOUBLE", timestamp: "TIMESTAMP",
    session_id: "VARCHAR", emitted_at: "TIMESTAMP", error_info: "JSON", run_id: "VARCHAR", notebook_hash: "VARCHAR",
    schema_version: "INTEGER", cell_name: "VARCHAR", trigger: "VARCHAR", mode: "VARCHAR", cpu_ms: "DOUBLE",
  },
  ol_events: {
    event_key: "VARCHAR", event_type: "VARCHAR", run_id: "VARCHAR", execution_id: "VARCHAR", job_namespace: "VARCHAR", job_name: "VARCHAR",
    event_time: "TIMESTAMP", session_id: "VARCHAR", emitted_at: "TIMESTAMP", event: "JSON",
  },
  dataframe_lineage_events: {
    event_key: "VARCHAR", event_type: "VARCHAR", execution_id: "VARCHAR", cell_id: "VARCHAR", session_id: "VARCHAR", timestamp: "TIMESTAMP",
    emitted_at: "TIMESTAMP", operation_type: "VARCHAR", operation_method: "VARCHAR", operation_code: "VARCHAR", operation_parameters: "JSON",
    input_dataframes: "JSON", output_dataframes: "JSON", column_lineage: "JSON", overhead_ms: "DOUBLE", df_size_mb: "DOUBLE", sampled: "BOOLEAN",
    run_id: "VARCHAR", notebook_hash: "VARCHAR", seq: "INTEGER", library: "VARCHAR", confidence: "VARCHAR", sql_text: "VARCHAR", line: "INTEGER",
    duration_ms: "DOUBLE", reason: "VARCHAR", schema_version: "INTEGER",
  },
  sessions: {
    session_uuid: "VARCHAR", session_id: "VARCHAR", notebook_hash: "VARCHAR", notebook_path: "VARCHAR", mode: "VARCHAR", pid: "INTEGER",
    python_version: "VARCHAR", marimo_version: "VARCHAR", libraries: "JSON", started_at: "TIMESTAMP", ended_at: "TIMESTAMP", end_reason: "VARCHAR",
  },
  cells: {
    session_uuid: "VARCHAR", notebook_hash: "VARCHAR", cell_id: "VARCHAR", cell_name: "VARCHAR", cell_index: "INTEGER", code_hash: "VARCHAR",
    language: "VARCHAR", cell_source: "VARCHAR", defs: "JSON", refs: "JSON", parents: "JSON", children: "JSON", disabled: "BOOLEAN", problem: "VARCHAR",
    seen_at: "TIMESTAMP",
  },
  cell_runs: {
    run_id: "VARCHAR", session_uuid: "VARCHAR", session_id: "VARCHAR", notebook_hash: "VARCHAR", cell_id: "VARCHAR", cell_name: "VARCHAR",
    cell_index: "INTEGER", code_hash: "VARCHAR", mode: "VARCHAR", trigger: "VARCHAR", status: "VARCHAR", started_at: "TIMESTAMP", ended_at: "TIMESTAMP",
    duration_ms: "DOUBLE", cpu_ms: "DOUBLE", start_memory_mb: "DOUBLE", end_memory_mb: "DOUBLE", error_type: "VARCHAR", error_message: "VARCHAR",
    traceback: "VARCHAR", error_line: "INTEGER", parent_run_id: "VARCHAR", capture_overhead_ms: "DOUBLE", events_dropped: "INTEGER", events_skipped: "INTEGER",
    inferred: "BOOLEAN",
  },
  datasets: {
    namespace: "VARCHAR", name: "VARCHAR", kind: "VARCHAR", variable: "VARCHAR", notebook_hash: "VARCHAR", session_id: "VARCHAR", first_seen: "TIMESTAMP",
  },
  dataset_versions: {
    namespace: "VARCHAR", name: "VARCHAR", version: "VARCHAR", run_id: "VARCHAR", row_count: "BIGINT", bytes: "BIGINT", columns: "JSON",
    confidence: "VARCHAR", created_at: "TIMESTAMP",
  },
  dataset_edges: {
    run_id: "VARCHAR", out_namespace: "VARCHAR", out_name: "VARCHAR", in_namespace: "VARCHAR", in_name: "VARCHAR", at: "TIMESTAMP",
  },
  column_edges: {
    run_id: "VARCHAR", out_namespace: "VARCHAR", out_name: "VARCHAR", out_column: "VARCHAR", in_namespace: "VARCHAR", in_name: "VARCHAR",
    in_column: "VARCHAR", type: "VARCHAR", subtype: "VARCHAR", masking: "BOOLEAN", confidence: "VARCHAR", at: "TIMESTAMP",
  },
  schemas: { schema_id: "VARCHAR", session_uuid: "VARCHAR", columns: "JSON", event_key: "VARCHAR" },
  bindings: {
    event_key: "VARCHAR", run_id: "VARCHAR", session_id: "VARCHAR", notebook_hash: "VARCHAR", variable: "VARCHAR", uid: "VARCHAR", library: "VARCHAR",
    kind: "VARCHAR", row_count: "BIGINT", nbytes: "BIGINT", schema_id: "VARCHAR", at: "TIMESTAMP",
  },
  dead_letters: { path: "VARCHAR", byte_offset: "BIGINT", line_no: "BIGINT", reason: "VARCHAR", line: "VARCHAR", seen_at: "TIMESTAMP" },
  ingest_offsets: {
    path: "VARCHAR", file_key: "VARCHAR", byte_offset: "BIGINT", line_no: "BIGINT", updated_at: "TIMESTAMP",
  },
  meta: { key: "VARCHAR", value: "VARCHAR" },
} as const satisfies Record<string, Record<string, string>>;

export type TableName = keyof typeof tables;

export const schemaVersion = 1;

function createTable(name: TableName): string {
  const columns = Object.entries(tables[name]).map(([column, type]) => `"${column}" ${type}`);
  return `CREATE TABLE ${name} (${columns.join(", ")})`;
}

const views = [
  `CREATE VIEW lineage_events AS SELECT event_key AS ol_event_id, run_id, execution_id, event_type, job_name, event_time,
     (SELECT max(r.duration_ms) FROM cell_runs r WHERE r.run_id = e.run_id) AS duration_ms, session_id, emitted_at,
     event->'inputs' AS inputs_json, event->'outputs' AS outputs_json,
     event->'$.outputs[*].facets.columnLineage' AS column_lineage_json,
     event->'$.outputs[*].facets.dataQualityMetrics' AS column_metrics_json,
     json_object('run', event->'$.run.facets', 'job', event->'$.job.facets') AS other_facets_json
   FROM ol_events e`,
  `CREATE VIEW vw_lineage_io AS SELECT ol_event_id, run_id, execution_id, event_type, job_name, event_time, session_id, duration_ms, emitted_at,
     json_extract_string(inputs_json, '$[*].name') AS input_names, json_extract_string(outputs_json, '$[*].name') AS output_names,
     coalesce(json_array_length(inputs_json), 0) AS input_count, coalesce(json_array_length(outputs_json), 0) AS output_count
   FROM lineage_events`,
  `CREATE VIEW vw_performance_metrics AS SELECT r.run_id, right(r.run_id, 8) AS execution_id, r.cell_id, r.cell_name, r.session_id, r.notebook_hash, r.status,
     r.started_at, r.start_memory_mb, r.end_memory_mb, r.end_memory_mb - r.start_memory_mb AS memory_delta_mb, r.duration_ms AS runtime_duration_ms,
     r.cpu_ms, r.capture_overhead_ms AS lineage_duration_ms,
     (SELECT count(DISTINCT (in_namespace, in_name)) FROM dataset_edges d WHERE d.run_id = r.run_id) AS input_dataset_count,
     (SELECT count(*) FROM dataset_versions v WHERE v.run_id = r.run_id) AS output_dataset_count,
     CASE WHEN r.duration_ms > 0 THEN r.capture_overhead_ms / r.duration_ms END AS lineage_to_runtime_ratio
   FROM cell_runs r`,
  `CREATE VIEW vw_dataframe_lineage AS SELECT event_key AS df_event_id, run_id, execution_id, cell_id, session_id, timestamp, operation_type,
     operation_method, operation_code, json_array_length(input_dataframes) AS input_df_count, json_array_length(output_dataframes) AS output_df_count,
     input_dataframes->>'$[0].rows' AS input_rows, output_dataframes->>'$[0].rows' AS output_rows,
     CASE WHEN TRY_CAST(input_dataframes->>'$[0].rows' AS DOUBLE) > 0
       THEN TRY_CAST(output_dataframes->>'$[0].rows' AS DOUBLE) / TRY_CAST(input_dataframes->>'$[0].rows' AS DOUBLE) END AS row_retention_ratio
   FROM dataframe_lineage_events`,
  `CREATE VIEW df_ops AS SELECT event_key, run_id, seq, session_id, notebook_hash, cell_id, library, operation_type AS family, operation_method AS op, line,
     input_dataframes AS inputs, output_dataframes AS outputs, column_lineage AS columns, confidence, reason, sql_text, duration_ms, timestamp AS at
   FROM dataframe_lineage_events`,
];

/** Each entry brings the database from its position to the next version. */
export const migrations: readonly (readonly string[])[] = [
  [...(Object.keys(tables) as TableName[]).map(createTable), ...views],
];
