/** A question each table answers; every one is run by a test. */
export const examples: Readonly<Record<string, readonly string[]>> = {
  runtime_events: [
    "SELECT event_type, count(*) AS events FROM runtime_events GROUP BY ALL ORDER BY events DESC",
  ],
  ol_events: ["SELECT event_type, job_name, event_time FROM ol_events ORDER BY event_time DESC LIMIT 20"],
  lineage_events: [
    "SELECT job_name, event_type, duration_ms, outputs_json FROM lineage_events WHERE event_type = 'COMPLETE' LIMIT 10",
  ],
  dataframe_lineage_events: [
    "SELECT operation_method, count(*) AS calls, sum(duration_ms) AS ms FROM dataframe_lineage_events GROUP BY ALL ORDER BY ms DESC",
  ],
  df_ops: [
    "SELECT op, line, confidence, duration_ms FROM df_ops ORDER BY duration_ms DESC NULLS LAST LIMIT 20",
  ],
  sessions: ["SELECT session_id, mode, started_at, ended_at FROM sessions ORDER BY started_at DESC LIMIT 10"],
  cells: ["SELECT cell_name, cell_index, defs, refs FROM cells ORDER BY seen_at DESC, cell_index LIMIT 50"],
  cell_runs: [
    "SELECT cell_name, count(*) AS runs, max(duration_ms) AS slowest_ms FROM cell_runs GROUP BY ALL ORDER BY slowest_ms DESC NULLS LAST",
  ],
  datasets: [
    "SELECT kind, coalesce(variable, name) AS name, first_seen FROM datasets ORDER BY first_seen DESC LIMIT 50",
  ],
  dataset_versions: [
    "SELECT name, row_count, bytes, confidence, created_at FROM dataset_versions ORDER BY created_at DESC LIMIT 20",
  ],
  dataset_edges: ["SELECT DISTINCT in_name, out_name FROM dataset_edges LIMIT 50"],
  column_edges: [
    "SELECT in_name, in_column, out_name, out_column, subtype, confidence FROM column_edges WHERE type = 'DIRECT' LIMIT 50",
  ],
  schemas: ["SELECT schema_id, columns FROM schemas LIMIT 10"],
  bindings: [
    "SELECT variable, library, row_count, nbytes FROM bindings ORDER BY nbytes DESC NULLS LAST LIMIT 20",
  ],
  dead_letters: ["SELECT path, line_no, reason FROM dead_letters ORDER BY seen_at DESC LIMIT 20"],
  ingest_offsets: ["SELECT path, byte_offset, updated_at FROM ingest_offsets ORDER BY updated_at DESC"],
  vw_lineage_io: [
    "SELECT job_name, input_names, output_names FROM vw_lineage_io WHERE output_count > 0 LIMIT 20",
  ],
  vw_performance_metrics: [
    "SELECT cell_name, runtime_duration_ms, memory_delta_mb, lineage_to_runtime_ratio FROM vw_performance_metrics ORDER BY runtime_duration_ms DESC NULLS LAST LIMIT 20",
  ],
  vw_dataframe_lineage: [
    "SELECT operation_method, input_rows, output_rows, row_retention_ratio FROM vw_dataframe_lineage WHERE row_retention_ratio < 1 LIMIT 20",
  ],
};
