import { isOurs } from "./expression.ts";
import type { AiContext, Dataset, Expression, Metric, SemanticField, SemanticModel } from "./model.ts";
import { sourceName } from "./table-source.ts";

export type IsVisible = (schema: string, table: string) => boolean;

export interface SummariseOptions {
  /** `names` leaves out fields, expressions and verified queries; `full` is the default. */
  readonly detail?: "full" | "names";
}

/**
 * Plain JSON about the part of a bound model whose tables the reader may see: a relationship needs both ends, a
 * metric or verified query all of its datasets. Undefined when nothing of it may be seen.
 */
export function summarise(
  model: SemanticModel,
  isVisible: IsVisible,
  { detail = "full" }: SummariseOptions = {},
): Record<string, unknown> | undefined {
  const datasets = model.datasets.filter(
    ({ source }) => source.schema !== undefined && isVisible(source.schema, source.table),
  );
  if (datasets.length === 0) return undefined;
  const names = new Set(datasets.map((dataset) => dataset.name));
  const seen = (needed: readonly string[]) => needed.every((name) => names.has(name));
  const isFull = detail === "full";
  // Texts about the model as a whole may speak of any of its tables.
  const head = datasets.length === model.datasets.length ? headOf(model) : { name: model.name };
  return compact({
    ...head,
    datasets: datasets.map((dataset) => datasetOf(dataset, isFull)),
    relationships: model.relationships
      .filter(({ from, to }) => seen([from, to]))
      .map((relationship) => ({
        from: relationship.from,
        to: relationship.to,
        on: relationship.fromColumns.map((column, at) => `${column} = ${relationship.toColumns[at]}`),
        type: relationship.type,
      })),
    metrics: visibleMetrics(model, seen).map((metric) => metricOf(metric, isFull)),
    verified_queries: !isFull
      ? []
      : model.verifiedQueries
          .filter((query) => seen(query.datasets))
          .map(({ question, sql, verifiedAt }) => compact({ question, sql, verified_at: verifiedAt })),
  });
}

/** An input's datasets are the metric's own as well, so one look suffices. */
function visibleMetrics(
  model: SemanticModel,
  seen: (needed: readonly string[]) => boolean,
): readonly Metric[] {
  return model.metrics.filter((metric) => seen(metric.datasets));
}

function headOf(model: SemanticModel) {
  return {
    name: model.name,
    description: model.description,
    owner: model.owner,
    ...contextOf(model.context),
  };
}

function datasetOf(dataset: Dataset, isFull: boolean) {
  const head = { name: dataset.name, table: sourceName(dataset.source), description: dataset.description };
  if (!isFull) return compact({ ...head, field_count: dataset.fields.length });
  return compact({
    ...head,
    grain: dataset.grain,
    owner: dataset.owner,
    refresh: dataset.refresh,
    quality_notes: dataset.qualityNotes,
    primary_key: dataset.primaryKey,
    ...contextOf(dataset.context),
    fields: dataset.fields.map(fieldOf),
  });
}

function fieldOf(field: SemanticField) {
  return compact({
    name: field.name,
    // A field that is its column needs no expression.
    expression: field.column === field.name ? undefined : expressionOf(field.expressions),
    label: field.label,
    description: field.description,
    datatype: field.datatype,
    is_time: field.isTime || undefined,
    grains: field.grains,
    pii: field.pii === "none" ? undefined : field.pii,
    default_aggregation: field.defaultAggregation,
    ...contextOf(field.context),
  });
}

function metricOf(metric: Metric, isFull: boolean) {
  const head = { name: metric.name, description: metric.description };
  if (!isFull) return compact(head);
  return compact({
    ...head,
    type: metric.type === "simple" ? undefined : metric.type,
    expression: expressionOf(metric.expressions),
    datasets: metric.datasets,
    inputs: metric.inputs,
    filters: metric.filters,
    time_field: metric.timeField,
    grains: metric.grains,
    window: metric.window,
    owner: metric.owner,
    ...contextOf(metric.context),
  });
}

function contextOf({ instructions, synonyms, examples }: AiContext) {
  return { instructions, synonyms, examples };
}

/** The text in standard SQL if there is one, else in the dialects we can read. */
function expressionOf(expressions: readonly Expression[]): string | readonly Expression[] {
  const standard = expressions.find((expression) => expression.dialect === "ANSI_SQL");
  return standard?.sql ?? expressions.filter((expression) => isOurs(expression.dialect));
}

/** Without what is undefined or an empty list. */
function compact(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
}
