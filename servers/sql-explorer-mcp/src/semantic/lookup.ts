import type { Dataset, Pii, SemanticField, SemanticModel } from "./model.ts";

/** Datasets over one table, in the order of the document. Needs a bound model. */
export function datasetsOf(model: SemanticModel, schema: string, table: string): readonly Dataset[] {
  return model.datasets.filter(({ source }) => source.schema === schema && source.table === table);
}

/** Fields that are nothing but this column. */
export function fieldsOf(dataset: Dataset, column: string): readonly SemanticField[] {
  const exact = dataset.fields.filter((field) => field.column === column);
  if (exact.length > 0) return exact;
  return dataset.fields.filter((field) => field.column?.toLowerCase() === column.toLowerCase());
}

/** The strictest thing any dataset says of a column. Values of `mask` and `deny` columns must not be sampled. */
export function piiOf(model: SemanticModel, schema: string, table: string, column: string): Pii {
  const said = datasetsOf(model, schema, table).flatMap((dataset) =>
    fieldsOf(dataset, column).map((field) => field.pii),
  );
  if (said.includes("deny")) return "deny";
  return said.includes("mask") ? "mask" : "none";
}
