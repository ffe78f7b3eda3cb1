import { z } from "zod";
import { checkShape, configError } from "../document/config-error.ts";
import { quote } from "../document/warnings.ts";
import { completeModel } from "./complete.ts";
import { noContext, relationshipType } from "./draft.ts";
import { quoteIdentifier } from "./expression.ts";
import {
  aggregations,
  type Dataset,
  type Relationship,
  type SemanticField,
  type SemanticModel,
} from "./model.ts";
import { parseTableSource } from "./table-source.ts";

const name = z.string().min(1).max(256);
const text = z.string().trim().min(1).max(4_000);
const lower = (value: unknown) => (typeof value === "string" ? value.toLowerCase() : value);
const names = z.preprocess((value) => (typeof value === "string" ? [value] : value), z.array(name).min(1));

const columnSchema = z.preprocess(
  (value) => (typeof value === "string" ? { description: value } : (value ?? {})),
  z.strictObject({
    description: text.nullish(),
    pii: z.boolean().nullish(),
    aggregation: z.preprocess(lower, z.enum(aggregations).nullish()),
  }),
);

const relationshipSchema = z.strictObject({
  column: name,
  /** `entity`, `entity.column` or the same with the table's name. */
  references: name,
  type: z.preprocess(lower, z.enum(["many_to_one", "one_to_one", "one_to_many", "many_to_many"]).nullish()),
});

const entitySchema = z.strictObject({
  table: name.nullish(),
  primary_key: names.nullish(),
  description: text.nullish(),
  columns: z.record(name, columnSchema).nullish(),
  relationships: z.array(relationshipSchema).nullish(),
});

const entitiesSchema = z.strictObject({
  version: z.union([z.string(), z.number()]).nullish(),
  name: name.nullish(),
  description: text.nullish(),
  entities: z.record(name, entitySchema),
});

type Entity = z.output<typeof entitySchema>;

/** Reads the plan's own form: `entities.<name>{table, primary_key, description, columns, relationships}`. */
export function fromEntities(root: Readonly<Record<string, unknown>>, what: string): SemanticModel {
  const document = checkShape(entitiesSchema, root, what);
  const entities = new Map(Object.entries(document.entities));
  const datasets = [...entities].map(([key, entity]) => datasetOf(key, entity, what));
  const byName = new Map(datasets.map((dataset) => [dataset.name, dataset]));
  const draft = {
    name: document.name ?? "entities",
    ...(document.description ? { description: document.description } : {}),
    context: noContext,
    datasets,
    relationships: [...entities].flatMap(([key, entity]) =>
      (entity.relationships ?? []).map((raw) => relationshipOf(key, raw, byName, what)),
    ),
    metrics: [],
    verifiedQueries: [],
  };
  return completeModel([draft], what, entities.size === 0 ? ["Semantic model: it has no entities."] : []);
}

function datasetOf(key: string, entity: Entity, what: string): Dataset {
  const source = parseTableSource(entity.table ?? quoteIdentifier(key));
  if (source === undefined) {
    throw configError({
      what,
      field: `entity ${quote(key)}, table`,
      problem: "it is not a table's name",
      fix: "Write [schema.]table.",
    });
  }
  return {
    name: key,
    source,
    primaryKey: entity.primary_key ?? [],
    uniqueKeys: [],
    ...(entity.description ? { description: entity.description } : {}),
    context: noContext,
    fields: Object.entries(entity.columns ?? {}).map(([column, raw]) => fieldOf(column, raw)),
    qualityNotes: [],
  };
}

function fieldOf(column: string, raw: z.output<typeof columnSchema>): SemanticField {
  return {
    name: column,
    expressions: [{ dialect: "ANSI_SQL", sql: quoteIdentifier(column) }],
    column,
    isTime: false,
    isDimension: false,
    ...(raw.description ? { description: raw.description } : {}),
    context: noContext,
    pii: raw.pii ? "mask" : "none",
    ...(raw.aggregation ? { defaultAggregation: raw.aggregation } : {}),
    grains: [],
  };
}

function relationshipOf(
  entity: string,
  raw: z.output<typeof relationshipSchema>,
  datasets: ReadonlyMap<string, Dataset>,
  what: string,
): Relationship {
  const at = `entity ${quote(entity)}, relationship on ${quote(raw.column)}`;
  const { target, column } = targetOf(raw.references, datasets, what, at);
  const isToMany = raw.type === "one_to_many";
  const [from, to] = isToMany ? [target.name, entity] : [entity, target.name];
  const [fromColumn, toColumn] = isToMany ? [column, raw.column] : [raw.column, column];
  const said = raw.type === "one_to_many" ? "many_to_one" : raw.type;
  const type = said ?? relationshipType(datasets.get(from), [fromColumn]);
  return {
    name: `${from}.${fromColumn} → ${to}.${toColumn}`,
    from,
    to,
    fromColumns: [fromColumn],
    toColumns: [toColumn],
    type,
    context: noContext,
  };
}

function targetOf(
  references: string,
  datasets: ReadonlyMap<string, Dataset>,
  what: string,
  at: string,
): { readonly target: Dataset; readonly column: string } {
  const byTable = (table: string) =>
    [...datasets.values()].find(
      ({ source }) => table === source.table || table === `${source.schema}.${source.table}`,
    );
  const find = (written: string) => datasets.get(written) ?? byTable(written);
  const whole = find(references);
  const dot = references.lastIndexOf(".");
  const target = whole ?? (dot > 0 ? find(references.slice(0, dot)) : undefined);
  if (target === undefined) {
    throw configError({
      what,
      field: at,
      problem: `there is no entity ${quote(references)}`,
      fix: "Write references as entity.column.",
    });
  }
  const [only, ...more] = target.primaryKey;
  const column = whole === undefined ? references.slice(dot + 1) : more.length === 0 ? only : undefined;
  if (column === undefined) {
    throw configError({
      what,
      field: at,
      problem: `entity ${quote(target.name)} has no primary key of one column`,
      fix: "Write references as entity.column.",
    });
  }
  return { target, column };
}
