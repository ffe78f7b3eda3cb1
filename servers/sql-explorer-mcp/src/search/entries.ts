import { type Annotations, annotationFor } from "../annotations/annotation.ts";
import type { TableAnnotation } from "../annotations/table-annotation.ts";
import type { Column, Relation } from "../catalog/snapshot.ts";
import { fieldsOf } from "../semantic/lookup.ts";
import type { Dataset, Metric, SemanticField, SemanticModel } from "../semantic/model.ts";
import type { Place } from "./places.ts";

export interface Text {
  readonly place: Place;
  readonly text: string;
}

/** All texts one table is found by, its name first. */
export type TableTexts = (relation: Relation) => readonly Text[];
export type ColumnTexts = (relation: Relation, column: Column) => readonly Text[];

/** Reads texts where they are instead of copying them: a snippet asks again. */
export function searchTexts(
  relations: readonly Relation[],
  annotations: Annotations,
  semantic: SemanticModel | undefined,
): { readonly ofTable: TableTexts; readonly ofColumn: ColumnTexts } {
  const known = new Map<Relation, Knowledge>();
  const datasets = groupDatasets(semantic);
  const visible = new Set(relations.map(tableKey));
  const metrics = groupMetrics(semantic, visible);
  const severalSchemas = new Set(relations.map((relation) => relation.schema)).size > 1;
  for (const relation of relations) {
    const annotation = annotationFor(annotations, relation.schema, relation.name);
    const own = datasets.get(tableKey(relation)) ?? [];
    if (annotation !== undefined || own.length > 0) known.set(relation, { annotation, datasets: own });
  }
  return {
    ofTable: (relation) => [
      { place: "name", text: relation.name },
      ...(severalSchemas ? [{ place: "schema" as const, text: relation.schema }] : []),
      ...comment(relation.comment),
      ...tableKnowledge(known.get(relation)),
      ...(metrics.get(tableKey(relation)) ?? []),
    ],
    ofColumn: (relation, column) => [
      { place: "name", text: column.name },
      ...comment(column.comment),
      ...(column.enumValues ?? []).slice(0, 100).map((text) => ({ place: "value" as const, text })),
      ...columnKnowledge(known.get(relation), column.name),
    ],
  };
}

interface Knowledge {
  readonly annotation: TableAnnotation | undefined;
  readonly datasets: readonly Dataset[];
}

function tableKnowledge(known: Knowledge | undefined): readonly Text[] {
  if (known === undefined) return [];
  const { annotation, datasets } = known;
  return [
    ...texts("synonym", annotation?.synonyms),
    ...datasets.flatMap((dataset) => texts("synonym", [dataset.name, ...dataset.context.synonyms])),
    ...texts("description", [
      annotation?.description,
      ...(annotation?.use_cases ?? []),
      ...(annotation?.quality_notes ?? []),
      ...datasets.flatMap((dataset) => [dataset.description, dataset.context.instructions, dataset.grain]),
    ]),
  ];
}

function columnKnowledge(known: Knowledge | undefined, column: string): readonly Text[] {
  if (known === undefined) return [];
  const fields = known.datasets.flatMap((dataset) => fieldsOf(dataset, column));
  return [
    ...texts("description", [known.annotation?.column_notes?.[column]]),
    ...fields.flatMap((field) => fieldTexts(field, column)),
  ];
}

function fieldTexts(field: SemanticField, column: string): readonly Text[] {
  return [
    ...texts("synonym", [
      field.name === column ? undefined : field.name,
      field.label,
      ...field.context.synonyms,
    ]),
    ...texts("description", [field.description, field.context.instructions]),
  ];
}

function comment(text: string | undefined): readonly Text[] {
  return texts("comment", [text]);
}

function texts(place: Place, all: readonly (string | undefined)[] | undefined): readonly Text[] {
  return (all ?? []).flatMap((text) => (text === undefined || text === "" ? [] : [{ place, text }]));
}

function groupDatasets(semantic: SemanticModel | undefined): ReadonlyMap<string, readonly Dataset[]> {
  const groups = new Map<string, Dataset[]>();
  for (const dataset of semantic?.datasets ?? []) {
    const key = datasetKey(dataset);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), dataset]);
  }
  return groups;
}

/** A metric leads to the tables it reads, if the reader may see all of them. */
function groupMetrics(
  semantic: SemanticModel | undefined,
  visible: ReadonlySet<string>,
): ReadonlyMap<string, readonly Text[]> {
  const tables = new Map((semantic?.datasets ?? []).map((dataset) => [dataset.name, datasetKey(dataset)]));
  const groups = new Map<string, Text[]>();
  for (const metric of semantic?.metrics ?? []) {
    const keys = metric.datasets.map((name) => tables.get(name));
    if (!keys.every((key) => key !== undefined && visible.has(key))) continue;
    for (const key of new Set(keys)) {
      if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), ...metricTexts(metric)]);
    }
  }
  return groups;
}

function metricTexts(metric: Metric): readonly Text[] {
  return texts("metric", [metric.name, metric.description, ...metric.context.synonyms]);
}

function tableKey({ schema, name }: Relation): string {
  return JSON.stringify([schema, name]);
}

function datasetKey({ source }: Dataset): string | undefined {
  return source.schema === undefined ? undefined : JSON.stringify([source.schema, source.table]);
}
