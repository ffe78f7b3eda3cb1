import type { Json } from "../events/validate.ts";
import { type Micros, micros, type Rows } from "../store/rows.ts";
import type { Batch, CellRunRow } from "./batch.ts";

const ends: Readonly<Record<string, string>> = {
  cell_execution_end: "completed",
  cell_execution_error: "failed",
  cell_execution_interrupted: "interrupted",
  cell_skipped: "skipped",
};

/** Rows of one runtime event, of either version. */
export function runtimeRows(event: Json, key: string, legacy: boolean, batch: Batch): void {
  const { rows } = batch;
  const kind = text(event.event_type) ?? "";
  const session = text(event.session_uuid) ?? legacySession(event);
  const run = text(event.run_id) ?? (kind.startsWith("cell_") ? legacyRun(event) : undefined);
  const error = event.error_info as Json | null | undefined;
  const at = micros(event.timestamp);
  rows.add("runtime_events", {
    event_key: key,
    event_type: kind,
    execution_id: text(event.execution_id),
    cell_id: text(event.cell_id),
    cell_source: text(event.cell_source),
    cell_source_lines: event.cell_source_lines as number,
    start_memory_mb: event.start_memory_mb as number,
    end_memory_mb: event.end_memory_mb as number,
    duration_ms: event.duration_ms as number,
    timestamp: at,
    session_id: text(event.session_id),
    emitted_at: micros(event.emitted_at),
    error_info: error === null || error === undefined ? null : JSON.stringify(error),
    run_id: run,
    notebook_hash: text(event.notebook_hash),
    schema_version: legacy ? 1 : 2,
    cell_name: text(event.cell_name),
    trigger: text(event.trigger),
    mode: text(event.mode),
    cpu_ms: event.cpu_ms as number,
  });
  batch.touch(text(event.notebook_hash));
  if (kind === "session_start") sessionStart(event, rows);
  else if (kind === "session_end") batch.endedSessions.set(session, at);
  else if (kind === "notebook_graph") graph(event, batch);
  else if (run !== undefined) cellRun(event, kind, run, session, at, batch);
}

function sessionStart(event: Json, rows: Rows): void {
  rows.add("sessions", {
    session_uuid: text(event.session_uuid),
    session_id: text(event.session_id),
    notebook_hash: text(event.notebook_hash),
    notebook_path: text(event.notebook_path),
    mode: text(event.mode),
    pid: event.pid as number,
    python_version: text(event.python_version),
    marimo_version: text(event.marimo_version),
    libraries: JSON.stringify(event.libraries ?? {}),
    started_at: micros(event.timestamp),
  });
}

function graph(event: Json, batch: Batch): void {
  const session = text(event.session_uuid);
  const hash = text(event.notebook_hash);
  const seen = micros(event.timestamp);
  for (const cell of (event.cells as Json[] | undefined) ?? []) {
    const code = text(cell.code_hash);
    batch.rows.add("cells", {
      session_uuid: session,
      notebook_hash: hash,
      cell_id: text(cell.cell_id),
      cell_name: text(cell.cell_name),
      cell_index: cell.cell_index as number,
      code_hash: code,
      language: text(cell.language),
      cell_source: text(cell.cell_source),
      defs: list(cell.defs),
      refs: list(cell.refs),
      parents: list(cell.parents),
      children: list(cell.children),
      disabled: cell.disabled === true,
      seen_at: seen,
    });
  }
  for (const cell of (event.unparsable as Json[] | undefined) ?? []) {
    batch.rows.add("cells", {
      session_uuid: session,
      notebook_hash: hash,
      cell_id: `unparsable-${String(cell.cell_index)}`,
      cell_name: text(cell.cell_name),
      cell_index: cell.cell_index as number,
      problem: text(cell.problem) ?? "does not parse",
      seen_at: seen,
    });
  }
}

function cellRun(event: Json, kind: string, run: string, session: string, at: Micros, batch: Batch): void {
  const starts = kind === "cell_execution_start";
  const duration = !starts && typeof event.duration_ms === "number" ? event.duration_ms : null;
  const error = event.error_info as Json | null | undefined;
  const capture = event.capture as Json | undefined;
  // One literal: every row has the same shape, and none is copied.
  const row: CellRunRow = {
    run_id: run,
    session_uuid: session,
    session_id: text(event.session_id),
    notebook_hash: text(event.notebook_hash),
    cell_id: text(event.cell_id),
    cell_name: text(event.cell_name) ?? "_",
    cell_index: event.cell_index as number,
    code_hash: text(event.code_hash),
    mode: text(event.mode),
    trigger: text(event.trigger),
    status: starts ? "running" : event.output_type === "stopped" ? "stopped" : (ends[kind] ?? "completed"),
    started_at: at === null || duration === null ? at : at - Math.round(duration * 1000),
    ended_at: starts ? null : at,
    duration_ms: duration,
    cpu_ms: event.cpu_ms as number,
    start_memory_mb: event.start_memory_mb as number,
    end_memory_mb: event.end_memory_mb as number,
    error_type: text(error?.error_type),
    error_message: text(error?.error_message),
    traceback: text(error?.traceback),
    error_line: error?.line_in_cell as number,
    parent_run_id: text(event.parent_run_id),
    capture_overhead_ms: capture?.overhead_ms as number,
    events_dropped: capture?.dropped as number,
    events_skipped: capture?.skipped as number,
    inferred: null,
  };
  if (starts) batch.startRun(run, row);
  else batch.endRun(run, row);
}

/** Version 1 joins its events by an 8-digit execution id. */
function legacyRun(event: Json): string {
  return `legacy-${String(event.session_id ?? "")}-${String(event.execution_id ?? "")}`;
}

function legacySession(event: Json): string {
  return `legacy-${String(event.session_id ?? "unknown")}`;
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function list(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? value : []);
}
