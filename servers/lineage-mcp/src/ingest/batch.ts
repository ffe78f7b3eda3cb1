import type { Json } from "../events/validate.ts";
import type { RunOps } from "../lineage/run-ops.ts";
import { type Micros, Rows } from "../store/rows.ts";
import type { tables } from "../store/schema.ts";
import type { Value } from "../store/value.ts";

export type CellRunRow = { -readonly [column in keyof (typeof tables)["cell_runs"]]: Value };

export interface ColumnEdge {
  readonly run_id: string;
  readonly out_namespace: string;
  readonly out_name: string;
  /** null: the whole dataset is influenced. */
  readonly out_column: string | null;
  readonly in_namespace: string | undefined;
  readonly in_name: string | undefined;
  readonly in_column: string | undefined;
  readonly type: string | undefined;
  readonly subtype: string | undefined;
  readonly masking: boolean;
  readonly confidence: string;
  readonly at: Micros;
}

export interface DatasetEdge {
  readonly run_id: string;
  readonly out_namespace: string;
  readonly out_name: string;
  readonly in_namespace: string;
  readonly in_name: string;
  readonly at: Micros;
}

/** Up to where a file is read with this batch. */
export interface Offset {
  readonly key: string;
  readonly offset: number;
  readonly line: number;
}

/** What one commit will hold, gathered from many events. */
export interface Batch {
  readonly rows: Rows;
  /** By path, relative to the events folder. */
  readonly offsets: Map<string, Offset>;
  /** Of the events in it. */
  readonly keys: Set<string>;
  readonly counts: { lines: number; bytes: number; dead: number; duplicates: number };
  /** No text in it holds a character that separates packed values. */
  packable: boolean;
  readonly endedSessions: Map<string, Micros>;
  readonly notebooks: Set<string>;
  /** By run. */
  readonly columnEdges: Map<string, ColumnEdge[]>;
  readonly datasetEdges: Map<string, DatasetEdge[]>;
  readonly started: Map<string, CellRunRow>;
  readonly ended: Map<string, CellRunRow>;
  /** Ended here, not started here. */
  readonly lone: Set<string>;
  readonly newDatasets: Map<string, Readonly<Record<string, Value>>>;
  touch(notebook: string | undefined): void;
  startRun(run: string, row: CellRunRow): void;
  endRun(run: string, row: CellRunRow): void;
  dataset(dataset: Json, own: Json, at: Micros): void;
  columnEdge(edge: ColumnEdge): void;
  datasetEdge(edge: DatasetEdge): void;
  schema(id: string, columns: readonly string[]): void;
  operation(event: Json): void;
  binding(event: Json): void;
}

/** `knownDatasets` and `ops` outlive the batch. */
export function createBatch(knownDatasets: ReadonlySet<string>, ops: RunOps): Batch {
  const batch: Batch = {
    rows: new Rows(),
    offsets: new Map(),
    keys: new Set(),
    counts: { lines: 0, bytes: 0, dead: 0, duplicates: 0 },
    packable: true,
    endedSessions: new Map(),
    notebooks: new Set(),
    columnEdges: new Map(),
    datasetEdges: new Map(),
    started: new Map(),
    ended: new Map(),
    lone: new Set(),
    newDatasets: new Map(),
    touch(notebook) {
      if (notebook !== undefined) batch.notebooks.add(notebook);
    },
    startRun(run, row) {
      if (!batch.ended.has(run)) batch.started.set(run, row);
    },
    endRun(run, row) {
      const start = batch.started.get(run);
      if (start === undefined) batch.lone.add(run);
      else {
        batch.started.delete(run);
        row.started_at = start.started_at;
      }
      batch.ended.set(run, row);
    },
    dataset(dataset, own, at) {
      const namespace = String(dataset.namespace ?? "");
      const name = String(dataset.name ?? "");
      const key = `${namespace}\n${name}`;
      if (knownDatasets.has(key) || batch.newDatasets.has(key)) return;
      const variable = namespace === "inmemory://" ? /^([a-f0-9]{8})\/([a-f0-9]{8})\/(.+)$/.exec(name) : null;
      batch.newDatasets.set(key, {
        namespace,
        name,
        kind: variable === null ? (namespace === "file" ? "file" : "external") : "variable",
        variable: variable?.[3],
        notebook_hash: variable?.[1] ?? (typeof own.notebookHash === "string" ? own.notebookHash : undefined),
        session_id: variable?.[2],
        first_seen: at,
      });
    },
    columnEdge: (edge) => pushTo(batch.columnEdges, edge),
    datasetEdge: (edge) => pushTo(batch.datasetEdges, edge),
    schema: (id, columns) => ops.schema(id, columns),
    operation: (event) => ops.operation(event),
    binding: (event) => ops.binding(event),
  };
  return batch;
}

function pushTo<Edge extends { readonly run_id: string }>(edges: Map<string, Edge[]>, edge: Edge): void {
  const known = edges.get(edge.run_id);
  if (known === undefined) edges.set(edge.run_id, [edge]);
  else known.push(edge);
}
