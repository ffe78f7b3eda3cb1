import type { SqlParser } from "@mcp-data/core/sql/duckdb";
import type { Json } from "../events/validate.ts";
import type { ColumnEdge } from "../ingest/batch.ts";
import type { RunOps } from "./run-ops.ts";
import { sqlColumns } from "./sql-columns.ts";
import type { SqlColumns } from "./sql-shape.ts";

type Code = "I" | "T" | "A" | "M";
interface Source {
  readonly namespace: string;
  readonly name: string;
  readonly column: string;
  readonly code: Code;
}
interface Frame {
  readonly columns: Map<string, { sources: Map<string, Source>; confidence: number }>;
  readonly influences: Map<string, Source & { kind: string }>;
  /** Of a dataset: any column is its own source. */
  readonly leaf?: { readonly namespace: string; readonly name: string };
  /** Of a dataset whose columns are known. */
  readonly has?: readonly string[] | undefined;
  /** Where other columns pass through from; their names were not known, as a lazy frame's are not. */
  readonly rest?: readonly Frame[];
  readonly confidence: number;
}

const confidences = ["exact", "inferred", "coarse"];
const strength: readonly Code[] = ["I", "T", "A", "M"];
const influenceKinds: Readonly<Record<string, string>> = {
  F: "FILTER",
  J: "JOIN",
  G: "GROUP_BY",
  S: "SORT",
  W: "WINDOW",
  C: "CONDITIONAL",
};
const directKinds: Readonly<Record<Code, string>> = {
  I: "IDENTITY",
  T: "TRANSFORMATION",
  A: "AGGREGATION",
  M: "AGGREGATION",
};

/** Column edges of a run's outputs, composed again with its SQL understood. Undefined where the event's own are as good. */
export async function refineRun(
  ops: readonly Json[],
  event: Json,
  runOps: RunOps,
  parser: SqlParser,
): Promise<Map<string, ColumnEdge[]> | undefined> {
  const frames = new Map<string, Frame>();
  const written = new Map<string, Frame>();
  for (const op of ops) {
    const inputs = ((op.inputs as Json[] | undefined) ?? []).map((input) => frameOf(input, frames, runOps));
    const sql = typeof op.sql === "string" ? await understood(op, op.sql, runOps, parser) : undefined;
    const made = sql === undefined ? composed(op, inputs, runOps) : fromSql(op, sql, inputs, runOps);
    const uid = (op.output as Json | null | undefined)?.uid;
    if (typeof uid === "string") frames.set(uid, made);
    const target = op.dataset as Json | undefined;
    if (op.operation_type === "io_write" && target !== undefined && inputs[0] !== undefined) {
      written.set(`${String(target.namespace)}\n${String(target.name)}`, inputs[0]);
    }
    if (op.operation_type === "io_read" && target !== undefined && typeof uid === "string") {
      frames.set(uid, leaf(String(target.namespace), String(target.name)));
    }
  }
  const edges = new Map<string, ColumnEdge[]>();
  for (const output of (event.outputs as Json[] | undefined) ?? []) {
    const facets = output.facets as Json | undefined;
    const key = `${String(output.namespace)}\n${String(output.name)}`;
    const version = (facets?.version as Json | undefined)?.datasetVersion;
    const frame = written.get(key) ?? (typeof version === "string" ? frames.get(version) : undefined);
    const names = (((facets?.schema as Json | undefined)?.fields as Json[] | undefined) ?? []).map((field) =>
      String(field.name),
    );
    if (frame !== undefined && frame.leaf === undefined) edges.set(key, edgesOf(frame, names, output, event));
  }
  return edges;
}

async function understood(
  op: Json,
  text: string,
  runOps: RunOps,
  parser: SqlParser,
): Promise<SqlColumns | undefined> {
  const parsed = await parser.parse(text);
  if (!parsed.ok || parsed.statements !== 1 || parsed.tree === undefined) return undefined;
  const tables = (op.tables ?? {}) as Record<string, number | null>;
  const inputs = (op.inputs as Json[] | undefined) ?? [];
  return sqlColumns(parsed.tree, (name) => {
    const at =
      tables[name] ??
      tables[Object.keys(tables).find((each) => each.toLowerCase() === name.toLowerCase()) ?? ""];
    return typeof at === "number" ? runOps.columns(inputs[at]?.schema_id as string | undefined) : undefined;
  });
}

function fromSql(op: Json, sql: SqlColumns, inputs: readonly Frame[], runOps: RunOps): Frame {
  const names =
    runOps.columns((op.output as Json | null)?.schema_id as string | undefined) ??
    sql.columns.map((column) => column.name);
  if (names.length !== sql.columns.length) return composed(op, inputs, runOps);
  const tables = (op.tables ?? {}) as Record<string, number | null>;
  const frameFor = (table: string): Frame => {
    const at =
      tables[table] ??
      tables[Object.keys(tables).find((each) => each.toLowerCase() === table.toLowerCase()) ?? ""];
    return typeof at === "number" ? (inputs[at] ?? unknown) : leaf("duckdb", table);
  };
  const columns: Frame["columns"] = new Map();
  for (const [at, name] of names.entries()) {
    columns.set(
      name,
      gather(
        (sql.columns[at]?.sources ?? []).map(({ table, column, code }) => [frameFor(table), column, code]),
        0,
      ),
    );
  }
  const influences = new Map<string, Source & { kind: string }>();
  for (const frame of inputs) for (const [key, value] of frame.influences) influences.set(key, value);
  for (const { table, column, kind } of sql.influences) influence(influences, frameFor(table), column, kind);
  return { columns, influences, confidence: Math.max(0, ...inputs.map((each) => each.confidence)) };
}

function composed(op: Json, inputs: readonly Frame[], runOps: RunOps): Frame {
  const base = Math.max(0, confidences.indexOf(String(op.confidence)));
  const doubts = (op.column_confidence ?? {}) as Record<string, string>;
  const columns: Frame["columns"] = new Map();
  const map = (op.column_map ?? {}) as Record<string, [number, string, Code][]>;
  const doubt = (name: string) => Math.max(base, confidences.indexOf(doubts[name] ?? "exact"));
  for (const [name, parts] of Object.entries(map)) {
    columns.set(
      name,
      gather(
        parts.map(([at, column, code]) => [inputs[at] ?? unknown, column, code]),
        doubt(name),
      ),
    );
  }
  const identity = ((op.identity as number[] | undefined) ?? []).map((at) => inputs[at] ?? unknown);
  const names = runOps.columns((op.output as Json | null | undefined)?.schema_id as string | undefined) ?? [
    ...new Set(identity.flatMap((frame) => [...frame.columns.keys()])),
  ];
  for (const name of names) {
    if (!columns.has(name))
      columns.set(
        name,
        gather(
          identity.map((frame) => [frame, name, "I"]),
          doubt(name),
        ),
      );
  }
  const influences = new Map<string, Source & { kind: string }>();
  for (const frame of inputs) for (const [key, value] of frame.influences) influences.set(key, value);
  for (const [at, column, kind] of (op.influences as [number, string, string][] | undefined) ?? []) {
    influence(influences, inputs[at] ?? unknown, column, influenceKinds[kind] ?? kind);
  }
  const [first] = identity;
  const only = identity.length === 1 && columns.size === 0 ? first?.leaf : undefined;
  const made = { columns, influences, confidence: base };
  return only === undefined ? { ...made, rest: identity } : { ...made, leaf: only, has: first?.has };
}

function gather(parts: readonly (readonly [Frame, string, Code])[], confidence: number) {
  const sources = new Map<string, Source>();
  let worst = confidence;
  for (const [frame, column, code] of parts) {
    const found = columnOf(frame, column);
    worst = Math.max(worst, found.confidence);
    for (const [key, source] of found.sources) {
      const joined = stronger(code, source.code);
      const known = sources.get(key);
      sources.set(key, { ...source, code: known === undefined ? joined : stronger(known.code, joined) });
    }
  }
  return { sources, confidence: worst };
}

function columnOf(frame: Frame, column: string): { sources: Map<string, Source>; confidence: number } {
  const known = frame.columns.get(column);
  if (known !== undefined) return known;
  if (frame.leaf === undefined) {
    const rest = (frame.rest ?? []).filter((each) => mayHave(each, column));
    if (rest.length === 0) return { sources: new Map(), confidence: 2 };
    const found = gather(
      rest.map((each) => [each, column, "I"]),
      frame.confidence,
    );
    frame.columns.set(column, found);
    return found;
  }
  const name = column.replace(/^index:/, "");
  return {
    sources: new Map([
      [`${frame.leaf.namespace}\n${frame.leaf.name}\n${name}`, { ...frame.leaf, column: name, code: "I" }],
    ]),
    confidence: 0,
  };
}

function mayHave(frame: Frame, column: string): boolean {
  return frame.has === undefined || column.startsWith("index:") || frame.has.includes(column);
}

function influence(
  into: Map<string, Source & { kind: string }>,
  frame: Frame,
  column: string,
  kind: string,
): void {
  for (const [key, source] of columnOf(frame, column).sources)
    into.set(`${key}\n${kind}`, { ...source, kind });
}

function edgesOf(frame: Frame, names: readonly string[], output: Json, event: Json): ColumnEdge[] {
  const base = {
    run_id: String((event.run as Json).runId),
    out_namespace: String(output.namespace),
    out_name: String(output.name),
    at: null,
  };
  const edges: ColumnEdge[] = [];
  for (const name of names.length > 0 ? names : frame.columns.keys()) {
    const { sources, confidence } = columnOf(frame, name);
    for (const source of sources.values()) {
      edges.push({
        ...base,
        out_column: name,
        in_namespace: source.namespace,
        in_name: source.name,
        in_column: source.column,
        type: "DIRECT",
        subtype: directKinds[source.code],
        masking: source.code === "M",
        confidence: confidences[confidence] ?? "coarse",
      });
    }
  }
  for (const source of frame.influences.values()) {
    edges.push({
      ...base,
      out_column: null,
      in_namespace: source.namespace,
      in_name: source.name,
      in_column: source.column,
      type: "INDIRECT",
      subtype: source.kind,
      masking: false,
      confidence: confidences[frame.confidence] ?? "coarse",
    });
  }
  return edges;
}

const unknown: Frame = { columns: new Map(), influences: new Map(), confidence: 2 };

function leaf(namespace: string, name: string): Frame {
  return { columns: new Map(), influences: new Map(), leaf: { namespace, name }, confidence: 0 };
}

function frameOf(input: Json, frames: ReadonlyMap<string, Frame>, runOps: RunOps): Frame {
  const dataset = input.dataset as Json | undefined;
  if (dataset !== undefined) {
    const has = runOps.columns(input.schema_id as string | undefined);
    return { ...leaf(String(dataset.namespace), String(dataset.name)), has };
  }
  return frames.get(String(input.uid)) ?? unknown;
}

function stronger(a: Code, b: Code): Code {
  return strength.indexOf(a) >= strength.indexOf(b) ? a : b;
}
