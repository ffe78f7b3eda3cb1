import type { ForeignKey, Relation } from "../../catalog/snapshot.ts";
import { type Catalog, type KnownRelation, type NamedRelation, relationKey } from "./catalog.ts";
import { buildColumn, callingColumn, computed } from "./columns.ts";
import { ancestors, childOf, parentOf, sumPartitions } from "./inheritance.ts";
import { buildCheck, buildForeignKey, buildIndex, primaryKey } from "./keys.ts";
import { relationKind } from "./kinds.ts";
import { type CatalogRows, given, groupBy, text } from "./rows.ts";
import { buildTypes, buildUserTypes } from "./types.ts";
import { viewCall, viewRead } from "./views.ts";

export function buildCatalog(rows: CatalogRows, epoch: string, takenAt: number): Catalog {
  const types = buildTypes(rows.types);
  const enums = groupBy(rows.enums, 0, (row) => text(row, 1));
  const labelsOf = (typeOid: number) => enums.get(types.get(typeOid)?.element ?? typeOid);
  const columnRows = groupBy(rows.columns, 0, (row) => row);
  const generated = groupBy(rows.generated, 0, (row) => row);
  const constraints = groupBy(rows.constraints, 0, (row) => row);
  const indexes = groupBy(rows.indexes, 0, (row) => row);
  const parents = groupBy(rows.inheritance, 0, parentOf);
  const viewReads = groupBy(rows.viewReads, 0, viewRead);
  const callingColumns = groupBy(rows.callingColumns, 0, callingColumn);
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
      kind: relationKind(text(row, 3), row[4] === "t"),
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
    const calling = callingColumns.get(known.oid);
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
      primaryKey: primaryKey(known, own),
      indexes: (indexes.get(known.oid) ?? []).map((index) => buildIndex(known, index)),
      checks: own.filter((constraint) => constraint[1] === "c").map(buildCheck),
      ...(parent === undefined ? {} : { parent: { schema: parent.schema, name: parent.name } }),
      ...(known.parents.length === 0
        ? {}
        : { ancestors: known.parents.map(({ schema, name }) => ({ schema, name })) }),
      ...(calling === undefined ? {} : { calling }),
    });
    for (const constraint of own) {
      const key = buildForeignKey(known, byOid.get(Number(constraint[4])), constraint);
      if (key !== undefined) foreignKeys.push(key);
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
        ...rows.inheritance.map(childOf),
        ...byOid.values(),
      ].map((relation) => [relationKey(relation.schema, relation.name), relation]),
    ),
    parents,
    viewReads,
    viewCalls: groupBy(rows.viewCalls, 0, viewCall),
    callingColumns,
  };
}
