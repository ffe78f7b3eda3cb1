import type { RelationKind } from "@mcp-data/core";
import type {
  CallingColumn,
  Check,
  Column,
  ForeignKey,
  Index,
  Relation,
  Snapshot,
} from "../../catalog/snapshot.ts";
import type { RawRow } from "../protocol/step.ts";
import { parseArray } from "../values/array-text.ts";
import type { ServerType, ServerTypes } from "../values/types.ts";
import type { CatalogPart } from "./queries.ts";

export type CatalogRows = Readonly<Record<CatalogPart, readonly RawRow[]>>;

export interface NamedRelation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: RelationKind;
}

/** A relation of the snapshot with what only this engine needs. */
export interface KnownRelation extends NamedRelation {
  readonly columns: readonly string[];
  /** By attribute number, which leaves gaps where columns were dropped. */
  readonly columnsByNumber: ReadonlyMap<number, string>;
  /** Everything it is a partition of or inherits from. */
  readonly parents: readonly NamedRelation[];
  /** Its generated columns and the columns they are computed from. */
  readonly generated?: ReadonlyMap<string, readonly string[]>;
}

/** A function, operator or type of this database that a view's use runs. */
export interface ViewCall {
  readonly schema: string;
  readonly name: string;
  /** `body`: as harmless as the text it runs. */
  readonly judged: "harmless" | "body" | "unsafe";
  readonly body?: string;
  /** Of the body's parameters, in order; empty where they have none. */
  readonly argumentNames: readonly string[];
}

export type UserTypeKind = "enum" | "domain" | "range" | "base" | "composite";

export interface Catalog {
  readonly snapshot: Snapshot;
  readonly types: ServerTypes;
  readonly byOid: ReadonlyMap<number, KnownRelation>;
  /** Keyed by `relationKey`; what the login may read. */
  readonly byName: ReadonlyMap<string, KnownRelation>;
  /** The same and whatever partitions, parents and views lead to. */
  readonly anyByName: ReadonlyMap<string, NamedRelation>;
  /** Types outside pg_catalog, keyed by `relationKey`. */
  readonly userTypes: ReadonlyMap<string, UserTypeKind>;
  /** Direct parents of a partition or an inheriting table, whether the login may read them or not. */
  readonly parents: ReadonlyMap<number, readonly NamedRelation[]>;
  /** What a view's text names, whether the login may read it or not. */
  readonly viewReads: ReadonlyMap<number, readonly NamedRelation[]>;
  /** What a view calls; materialised ones are stored and call nothing. */
  readonly viewCalls: ReadonlyMap<number, readonly ViewCall[]>;
  /** By relation: columns of a type whose casts, checks or parts may run a function. */
  readonly callingColumns: ReadonlyMap<number, readonly CallingColumn[]>;
}

export function relationKey(schema: string, name: string): string {
  return `${schema}\0${name}`;
}

const kinds: Readonly<Record<string, RelationKind>> = {
  r: "table",
  p: "partitioned_table",
  v: "view",
  m: "materialized_view",
  f: "foreign_table",
  S: "sequence",
};

export function buildCatalog(rows: CatalogRows, epoch: string, takenAt: number): Catalog {
  const types = buildTypes(rows.types);
  const enums = groupBy(rows.enums, 0, (row) => text(row, 1));
  const labelsOf = (typeOid: number) => enums.get(types.get(typeOid)?.element ?? typeOid);
  const columnRows = groupBy(rows.columns, 0, (row) => row);
  const generated = groupBy(rows.generated, 0, (row) => row);
  const constraints = groupBy(rows.constraints, 0, (row) => row);
  const indexes = groupBy(rows.indexes, 0, (row) => row);
  const parents = groupBy(rows.inheritance, 0, (row) => named(row.slice(4), "table"));
  const viewReads = groupBy(rows.viewReads, 0, (row) => {
    const [, oid, schema, name, kind, isPartition] = row;
    return named(
      [oid ?? null, schema ?? null, name ?? null, isPartition ?? null],
      kinds[kind ?? ""] ?? "other",
    );
  });
  const callingColumns = groupBy(
    rows.callingColumns,
    0,
    (row): CallingColumn => ({
      column: text(row, 1),
      schema: text(row, 2),
      name: text(row, 3),
    }),
  );
  const estimates = sumPartitions(rows);
  const relations: Relation[] = [];
  const foreignKeys: ForeignKey[] = [];
  const byOid = new Map<number, KnownRelation>();
  const byName = new Map<string, KnownRelation>();

  for (const row of rows.relations) {
    const oid = Number(row[0]);
    const columns = columnRows.get(oid) ?? [];
    const known: KnownRelation = {
      oid,
      schema: text(row, 1),
      name: text(row, 2),
      kind: row[4] === "t" ? "partition" : (kinds[text(row, 3)] ?? "other"),
      columns: columns.map((column) => text(column, 2)),
      columnsByNumber: new Map(columns.map((column) => [Number(column[1]), text(column, 2)])),
      parents: ancestors(parents, oid),
      ...computed(generated.get(oid)),
    };
    byOid.set(oid, known);
    byName.set(relationKey(known.schema, known.name), known);
  }

  for (const row of rows.relations) {
    const known = byOid.get(Number(row[0]));
    if (known === undefined || known.kind === "sequence") continue;
    const own = constraints.get(known.oid) ?? [];
    const [parent] = known.kind === "partition" ? (parents.get(known.oid) ?? []) : [];
    const estimate = estimates(known.oid);
    relations.push({
      schema: known.schema,
      name: known.name,
      kind: known.kind,
      ...given("comment", row[5]),
      ...(estimate === undefined ? {} : { rowEstimate: estimate }),
      ...(known.kind === "view" || known.kind === "partitioned_table"
        ? {}
        : { bytes: Number(row[7]) * 8192 }),
      columns: (columnRows.get(known.oid) ?? []).map((column) =>
        buildColumn(column, known.generated, labelsOf),
      ),
      primaryKey: own
        .filter((constraint) => constraint[1] === "p")
        .flatMap((constraint) => columnNames(known, constraint[3])),
      indexes: (indexes.get(known.oid) ?? []).map((index) => buildIndex(known, index)),
      checks: own.filter((constraint) => constraint[1] === "c").map(buildCheck),
      ...(parent === undefined ? {} : { parent: { schema: parent.schema, name: parent.name } }),
      ...(known.parents.length === 0
        ? {}
        : { ancestors: known.parents.map(({ schema, name }) => ({ schema, name })) }),
      ...callingOf(callingColumns.get(known.oid)),
    });
    for (const constraint of own) {
      const referenced = byOid.get(Number(constraint[4]));
      if (constraint[1] !== "f" || referenced === undefined) continue;
      foreignKeys.push({
        name: text(constraint, 2),
        schema: known.schema,
        table: known.name,
        columns: columnNames(known, constraint[3]),
        referencedSchema: referenced.schema,
        referencedTable: referenced.name,
        referencedColumns: columnNames(referenced, constraint[5]),
      });
    }
  }

  return {
    snapshot: {
      epoch,
      takenAt,
      schemas: rows.schemas.map((row) => ({ name: text(row, 0), ...given("comment", row[1]) })),
      relations,
      foreignKeys,
      userFunctions: new Set(rows.functions.map((row) => `${row[0]}.${row[1]}`)),
      warnings: [],
    },
    types,
    userTypes: buildUserTypes(rows.types),
    byOid,
    byName,
    anyByName: new Map<string, NamedRelation>(
      [
        ...[...parents.values(), ...viewReads.values()].flat(),
        ...rows.inheritance.map((row) => named(row, "table")),
        ...byOid.values(),
      ].map((relation) => [relationKey(relation.schema, relation.name), relation]),
    ),
    parents,
    viewReads,
    viewCalls: groupBy(rows.viewCalls, 0, viewCall),
    callingColumns,
  };
}

function callingOf(calling: readonly CallingColumn[] | undefined): Pick<Relation, "calling"> {
  return calling === undefined ? {} : { calling };
}

function buildColumn(
  row: RawRow,
  generated: KnownRelation["generated"],
  labelsOf: (typeOid: number) => readonly string[] | undefined,
): Column {
  const labels = labelsOf(Number(row[5]));
  const sources = generated?.get(text(row, 2));
  return {
    name: text(row, 2),
    type: text(row, 3),
    nullable: row[4] !== "t",
    ...given("default", defaultText(row)),
    ...given("comment", row[9]),
    ...(sources === undefined ? {} : { generatedFrom: sources }),
    ...(labels === undefined ? {} : { enumValues: labels }),
  };
}

function defaultText(row: RawRow): string | null {
  if (row[7] === "a") return "generated always as identity";
  if (row[7] === "d") return "generated by default as identity";
  if (row[8] === "s" || row[8] === "v") return `generated always as (${row[6]})`;
  return row[6] ?? null;
}

function buildIndex(relation: KnownRelation, row: RawRow): Index {
  const keys = text(row, 4).split(" ").slice(0, Number(row[5]));
  const expressions = row[7] == null ? undefined : parseArray(row[7], ",", String);
  return {
    name: text(row, 1),
    columns: keys.map(
      (key, at) => relation.columnsByNumber.get(Number(key)) ?? String(expressions?.[at] ?? "?"),
    ),
    unique: row[2] === "t",
    ...given("method", row[3]),
    ...given("where", row[6]),
  };
}

function buildCheck(row: RawRow): Check {
  return { name: text(row, 2), expression: text(row, 6) };
}

function columnNames(relation: KnownRelation, numbers: string | null | undefined): string[] {
  if (numbers == null) return [];
  return parseArray(numbers, ",", Number).map((key) => relation.columnsByNumber.get(Number(key)) ?? "?");
}

function buildTypes(rows: readonly RawRow[]): ServerTypes {
  const types = new Map<number, ServerType>();
  for (const row of rows) {
    types.set(Number(row[0]), {
      name: text(row, 1),
      delimiter: text(row, 2),
      ...(row[3] == null ? {} : { element: Number(row[3]) }),
    });
  }
  return types;
}

const typeKinds: Readonly<Record<string, UserTypeKind>> = {
  e: "enum",
  d: "domain",
  r: "range",
  m: "range",
  b: "base",
  c: "composite",
};

function buildUserTypes(rows: readonly RawRow[]): ReadonlyMap<string, UserTypeKind> {
  const kindOf = (row: RawRow) => typeKinds[text(row, 6)];
  return new Map(
    rows.flatMap((row) => {
      const kind = row[4] === "pg_catalog" ? undefined : kindOf(row);
      return kind === undefined ? [] : [[relationKey(text(row, 4), text(row, 5)), kind] as const];
    }),
  );
}

function computed(rows: readonly RawRow[] | undefined): Pick<KnownRelation, "generated"> {
  if (rows === undefined) return {};
  const generated = new Map<string, string[]>();
  for (const row of rows) generated.set(text(row, 1), [...(generated.get(text(row, 1)) ?? []), text(row, 2)]);
  return { generated };
}

function ancestors(parents: ReadonlyMap<number, readonly NamedRelation[]>, oid: number): NamedRelation[] {
  const found = new Map<number, NamedRelation>();
  const queue = [...(parents.get(oid) ?? [])];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (found.has(next.oid)) continue;
    found.set(next.oid, next);
    queue.push(...(parents.get(next.oid) ?? []));
  }
  return [...found.values()];
}

// The statistics of a partitioned table may be missing while its partitions have theirs.
function sumPartitions(rows: CatalogRows): (oid: number) => number | undefined {
  const own = new Map<number, number | undefined>();
  for (const row of rows.relations) {
    const tuples = Number(row[6]);
    own.set(Number(row[0]), row[3] === "v" || tuples < 0 ? undefined : Math.round(tuples));
  }
  const children = groupBy(rows.inheritance, 4, (row) => Number(row[0]));
  const partitioned = new Set(rows.relations.filter((row) => row[3] === "p").map((row) => Number(row[0])));
  const estimate = (oid: number): number | undefined => {
    if (!partitioned.has(oid)) return own.get(oid);
    const parts = (children.get(oid) ?? []).map(estimate).filter((part) => part !== undefined);
    return parts.length === 0 ? own.get(oid) : parts.reduce((sum, part) => sum + part, 0);
  };
  return estimate;
}

function viewCall(row: RawRow): ViewCall {
  const judged = text(row, 3);
  return {
    schema: text(row, 1),
    name: text(row, 2),
    judged: judged === "harmless" || judged === "body" ? judged : "unsafe",
    ...given("body", row[4]),
    argumentNames: row[5] == null ? [] : parseArray(row[5], ",", String).map(String),
  };
}

/** From oid, schema, name and "is a partition". */
function named(row: RawRow, otherwise: RelationKind): NamedRelation {
  const kind = row[3] === "t" ? "partition" : otherwise;
  return { oid: Number(row[0]), schema: text(row, 1), name: text(row, 2), kind };
}

function groupBy<T>(
  rows: readonly RawRow[],
  key: number,
  value: (row: RawRow) => T,
): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const id = Number(row[key]);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [value(row)]);
    else group.push(value(row));
  }
  return groups;
}

function text(row: RawRow, at: number): string {
  return row[at] ?? "";
}

function given<Key extends string>(key: Key, value: string | null | undefined): { [K in Key]?: string } {
  return value == null || value === "" ? {} : ({ [key]: value } as { [K in Key]?: string });
}
