import type { Relation, Snapshot } from "../catalog/snapshot.ts";
import type { Dataset, SemanticModel, TableSource } from "./model.ts";

/**
 * The model with each dataset's table as the catalog spells it: exact, else in another letter case if only one fits.
 * A table without schema is looked for in `schemas`, in order. What is not found stays as written.
 */
export function bindSemantic(
  model: SemanticModel,
  snapshot: Snapshot,
  schemas: readonly string[],
): SemanticModel {
  const byName = new Map<string, Relation[]>();
  for (const relation of snapshot.relations) {
    const key = relation.name.toLowerCase();
    const same = byName.get(key);
    if (same === undefined) byName.set(key, [relation]);
    else same.push(relation);
  }
  return { ...model, datasets: model.datasets.map((dataset) => bind(dataset, byName, schemas)) };
}

function bind(
  dataset: Dataset,
  byName: ReadonlyMap<string, readonly Relation[]>,
  schemas: readonly string[],
): Dataset {
  const found = locate(dataset.source, byName.get(dataset.source.table.toLowerCase()) ?? [], schemas);
  if (found === undefined) return dataset;
  return { ...dataset, source: { ...dataset.source, schema: found.schema, table: found.name } };
}

function locate(
  { schema, table }: TableSource,
  candidates: readonly Relation[],
  schemas: readonly string[],
): Relation | undefined {
  const wanted = schema === undefined ? schemas : [schema];
  for (const name of wanted) {
    const exact = candidates.find((relation) => relation.schema === name && relation.name === table);
    if (exact !== undefined) return exact;
  }
  const folded = wanted.map((name) => name.toLowerCase());
  const near = candidates.filter((relation) => folded.includes(relation.schema.toLowerCase()));
  return near.length === 1 ? near[0] : undefined;
}
