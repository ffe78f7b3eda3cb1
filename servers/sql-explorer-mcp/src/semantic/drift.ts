import type { Relation, Snapshot } from "../catalog/snapshot.ts";
import { bounded, quote } from "../document/warnings.ts";
import { suggest } from "../search/suggest.ts";
import { isOurs, readExpression } from "./expression.ts";
import type { Dataset, Metric, Relationship, SemanticModel } from "./model.ts";
import type { IsVisible } from "./summarise.ts";
import { sourceName } from "./table-source.ts";

interface Bound {
  readonly dataset: Dataset;
  readonly relation: Relation;
  has(column: string): boolean;
}

/**
 * Where a bound model and the catalog disagree: tables, columns, keys; bounded in number.
 * Nothing is said about tables `isVisible` refuses, nor is one suggested.
 */
export function semanticDrift(
  model: SemanticModel,
  snapshot: Snapshot,
  isVisible: IsVisible = () => true,
): readonly string[] {
  const relations = new Map(
    snapshot.relations
      .filter(({ schema, name }) => isVisible(schema, name))
      .map((relation) => [`${relation.schema}.${relation.name}`, relation]),
  );
  const bound = new Map<string, Bound>();
  const warnings: string[] = [];
  for (const dataset of model.datasets) {
    const relation = relations.get(sourceName(dataset.source));
    if (relation !== undefined) {
      bound.set(dataset.name, { dataset, relation, has: columnTest(relation) });
    } else if (!isHidden(dataset, snapshot, isVisible)) {
      const near = suggest(sourceName(dataset.source), [...relations.keys()])[0];
      warnings.push(
        `Dataset ${quote(dataset.name)}: there is no table ${quote(sourceName(dataset.source))}${hint(near)}.`,
      );
    }
  }
  for (const one of bound.values()) warnings.push(...datasetDrift(one));
  for (const relationship of model.relationships) warnings.push(...relationshipDrift(relationship, bound));
  for (const metric of model.metrics) warnings.push(...metricDrift(metric, bound));
  return bounded([...new Set(warnings)]);
}

function datasetDrift({ dataset, relation, has }: Bound): readonly string[] {
  const columns = relation.columns.map((column) => column.name);
  const missing = (name: string, role: string) =>
    has(name)
      ? []
      : [
          `Dataset ${quote(dataset.name)}: ${role} ${quote(name)} is no column${hint(suggest(name, columns)[0])}.`,
        ];
  return [
    ...[dataset.primaryKey, ...dataset.uniqueKeys].flat().flatMap((name) => missing(name, "key")),
    ...dataset.fields.flatMap((field) => (field.column === undefined ? [] : missing(field.column, "field"))),
  ];
}

function relationshipDrift(
  { name, from, to, fromColumns, toColumns, type }: Relationship,
  bound: ReadonlyMap<string, Bound>,
): readonly string[] {
  const ends = [
    { end: bound.get(from), columns: fromColumns },
    { end: bound.get(to), columns: toColumns },
  ];
  // Half of it is hidden or already reported.
  if (ends.some(({ end }) => end === undefined)) return [];
  const missing = ends.flatMap(({ end, columns }) =>
    columns
      .filter((column) => end !== undefined && !end.has(column))
      .map(
        (column) =>
          `Relationship ${quote(name)}: ${quote(end?.dataset.name ?? "")} has no column ${quote(column)}.`,
      ),
  );
  const target = bound.get(to);
  if (missing.length > 0 || type === "many_to_many" || target === undefined) return missing;
  if (isUnique(target, toColumns)) return [];
  return [
    `Relationship ${quote(name)}: no key says that ${toColumns.map(quote).join(", ")} of ${quote(to)} is unique; a join could multiply rows.`,
  ];
}

function metricDrift(metric: Metric, bound: ReadonlyMap<string, Bound>): readonly string[] {
  const folded = new Map([...bound].map(([name, one]) => [name.toLowerCase(), one]));
  const warnings: string[] = [];
  for (const { dialect, sql } of metric.expressions) {
    const reading = isOurs(dialect) ? readExpression(sql) : { fault: "" };
    if ("fault" in reading) continue;
    for (const [first, second] of reading.references) {
      if (first === undefined || second === undefined || second.kind === "sign") continue;
      const one = bound.get(first.text) ?? folded.get(first.text.toLowerCase());
      if (one === undefined || one.has(second.text)) continue;
      const fields = one.dataset.fields.map((field) => field.name);
      if (fields.some((field) => field.toLowerCase() === second.text.toLowerCase())) continue;
      const near = suggest(second.text, [...fields, ...one.relation.columns.map((column) => column.name)])[0];
      warnings.push(
        `Metric ${quote(metric.name)}: ${quote(one.dataset.name)} has no field or column ${quote(second.text)}${hint(near)}.`,
      );
    }
  }
  return warnings;
}

/** Declared in the model, or held by the catalog. A partial index proves nothing. */
function isUnique({ dataset, relation }: Bound, columns: readonly string[]): boolean {
  const indexes = relation.indexes.filter((index) => index.unique && index.where === undefined);
  const keys = [
    dataset.primaryKey,
    ...dataset.uniqueKeys,
    relation.primaryKey,
    ...indexes.map((index) => index.columns),
  ];
  const given = new Set(columns.map((column) => column.toLowerCase()));
  return keys.some((key) => key.length > 0 && key.every((column) => given.has(column.toLowerCase())));
}

function columnTest(relation: Relation): (name: string) => boolean {
  const names = new Set(relation.columns.map((column) => column.name.toLowerCase()));
  return (name) => names.has(name.toLowerCase());
}

/** It is there for others, or would be if it existed. */
function isHidden({ source }: Dataset, snapshot: Snapshot, isVisible: IsVisible): boolean {
  const { schema, table } = source;
  if (schema !== undefined) return !isVisible(schema, table);
  return snapshot.schemas.length > 0 && !snapshot.schemas.some(({ name }) => isVisible(name, table));
}

function hint(near: string | undefined): string {
  return near === undefined ? "" : ` (did you mean ${quote(near)}?)`;
}
