import { checkShape, configError, fieldPath } from "../document/config-error.ts";
import { completeModel } from "./complete.ts";
import { type Draft, noContext, relationshipType } from "./draft.ts";
import { extensionSchemas } from "./extension.ts";
import type { AiContext, Dataset, Metric, Relationship, SemanticField, SemanticModel } from "./model.ts";
import {
  contextOf,
  expressionsOf,
  extension,
  note,
  optional,
  type Path,
  plainColumn,
  type Reader,
} from "./ossie-reader.ts";
import {
  datasetSchema,
  fieldSchema,
  metricSchema,
  modelSchema,
  type OssieDataset,
  type OssieField,
  type OssieMetric,
  type OssieModel,
  type OssieRelationship,
  relationshipSchema,
} from "./ossie-schema.ts";
import { parseTableSource } from "./table-source.ts";

/** Reads an Apache Ossie document: a list under `semantic_model`, or one model at the top. */
export function fromOssie(root: Readonly<Record<string, unknown>>, what: string): SemanticModel {
  const reader: Reader = { what, warnings: [] };
  const version =
    typeof root.version === "string" || typeof root.version === "number" ? String(root.version) : "";
  if (!/^0\.[12](\.|$)/.test(version)) {
    reader.warnings.push("Semantic model: its Ossie version is not 0.1 or 0.2; it is read as 0.2.");
  }
  const { models, rootKeys } = split(root, reader);
  note(root, rootKeys, [], reader);
  const shared = contextOf(checkShape(modelSchema.shape.ai_context, root.ai_context, what, ["ai_context"]));
  const drafts = models.map(({ raw, path }) => {
    const model = checkShape(modelSchema, raw, what, path);
    return draftOf(model, path, path.length === 0 ? noContext : shared, reader);
  });
  return completeModel(drafts, what, reader.warnings);
}

function split(root: Readonly<Record<string, unknown>>, { what }: Reader) {
  const rootKeys = ["version", "dialects", "vendors", "ai_context", "semantic_model"];
  const list = root.semantic_model;
  if (list === undefined)
    return {
      models: [{ raw: root, path: [] as Path }],
      rootKeys: [...rootKeys, ...Object.keys(modelSchema.shape)],
    };
  if (!Array.isArray(list) || list.length === 0) {
    throw configError({
      what,
      field: "semantic_model",
      problem: "expected a list of at least one model",
      fix: "Write one entry with name and datasets.",
    });
  }
  return {
    models: list.map((raw: unknown, index) => ({ raw, path: ["semantic_model", index] as Path })),
    rootKeys,
  };
}

function draftOf(model: OssieModel, path: Path, shared: AiContext, reader: Reader): Draft {
  // At the top the document's own keys have been noted already.
  if (path.length > 0) note(model, Object.keys(modelSchema.shape), path, reader);
  const extra = extension(extensionSchemas.model, model.custom_extensions, path, reader);
  const datasets = (model.datasets ?? []).map((raw, i) => datasetOf(raw, [...path, "datasets", i], reader));
  const own = contextOf(model.ai_context);
  const instructions = [shared.instructions, own.instructions]
    .filter((text) => text !== undefined)
    .join("\n");
  return {
    name: model.name,
    ...optional("description", model.description),
    context: {
      ...(instructions === "" ? {} : { instructions }),
      synonyms: [...shared.synonyms, ...own.synonyms],
      examples: [...shared.examples, ...own.examples],
    },
    ...optional("owner", extra.owner),
    datasets,
    relationships: (model.relationships ?? []).map((raw, i) =>
      relationshipOf(raw, datasets, [...path, "relationships", i], reader),
    ),
    metrics: (model.metrics ?? []).map((raw, i) => metricOf(raw, [...path, "metrics", i], reader)),
    verifiedQueries: extra.verified_queries.map(({ verified_at, ...query }) => ({
      ...query,
      ...optional("verifiedAt", verified_at),
    })),
  };
}

function datasetOf(raw: OssieDataset, path: Path, reader: Reader): Dataset {
  note(raw, Object.keys(datasetSchema.shape), path, reader);
  const source = parseTableSource(raw.source);
  if (source === undefined) {
    throw configError({
      what: reader.what,
      field: fieldPath([...path, "source"]),
      problem: "it is not a table's name",
      fix: "Write [[database.]schema.]table; put a query into a view and name that.",
    });
  }
  const extra = extension(extensionSchemas.dataset, raw.custom_extensions, path, reader);
  return {
    name: raw.name,
    source,
    primaryKey: raw.primary_key ?? [],
    uniqueKeys: raw.unique_keys ?? [],
    ...optional("description", raw.description),
    context: contextOf(raw.ai_context),
    fields: (raw.fields ?? []).map((field, i) => fieldOf(field, raw.name, [...path, "fields", i], reader)),
    ...optional("grain", extra.grain),
    ...optional("owner", extra.owner),
    ...optional("refresh", extra.refresh),
    qualityNotes: extra.quality_notes,
  };
}

const temporal: ReadonlySet<string> = new Set(["Date", "Time", "DateTime", "DateTimeTz"]);

function fieldOf(raw: OssieField, dataset: string, path: Path, reader: Reader): SemanticField {
  note(raw, Object.keys(fieldSchema.shape), path, reader);
  const extra = extension(extensionSchemas.field, raw.custom_extensions, path, reader);
  const expressions = expressionsOf(raw.expression);
  return {
    name: raw.name,
    expressions,
    ...optional("column", plainColumn(expressions, dataset)),
    isTime: raw.dimension?.is_time ?? temporal.has(raw.datatype ?? ""),
    isDimension: raw.dimension !== undefined && raw.dimension !== null,
    ...optional("label", raw.label),
    ...optional("description", raw.description),
    ...optional("datatype", raw.datatype),
    context: contextOf(raw.ai_context),
    pii: extra.pii,
    ...optional("defaultAggregation", extra.default_aggregation),
    grains: extra.grains,
  };
}

function relationshipOf(
  raw: OssieRelationship,
  datasets: readonly Dataset[],
  path: Path,
  reader: Reader,
): Relationship {
  note(raw, Object.keys(relationshipSchema.shape), path, reader);
  const extra = extension(extensionSchemas.relationship, raw.custom_extensions, path, reader);
  const from = datasets.find((dataset) => dataset.name === raw.from);
  return {
    name: raw.name,
    from: raw.from,
    to: raw.to,
    fromColumns: raw.from_columns,
    toColumns: raw.to_columns,
    type: extra.type ?? relationshipType(from, raw.from_columns),
    context: contextOf(raw.ai_context),
  };
}

function metricOf(raw: OssieMetric, path: Path, reader: Reader): Omit<Metric, "datasets"> {
  note(raw, Object.keys(metricSchema.shape), path, reader);
  const extra = extension(extensionSchemas.metric, raw.custom_extensions, path, reader);
  return {
    name: raw.name,
    expressions: expressionsOf(raw.expression),
    ...optional("description", raw.description),
    ...optional("datatype", raw.datatype),
    context: contextOf(raw.ai_context),
    type: extra.type,
    ...optional("dataset", extra.dataset),
    inputs: extra.inputs,
    filters: extra.filters,
    grains: extra.grains,
    ...optional("timeField", extra.time_field),
    ...optional("window", extra.window),
    ...optional("owner", extra.owner),
  };
}
