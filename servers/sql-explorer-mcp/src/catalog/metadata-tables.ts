import { page } from "@mcp-data/core";
import { annotationFor } from "../annotations/annotation.ts";
import { describeRelation } from "./describe-relation.ts";
import type { Relation } from "./snapshot.ts";
import type { CatalogView } from "./view.ts";

type Level = "full" | "columns" | "names";

/** Characters all tables may take for a level to be chosen; the last level is paged instead. */
const budget = 20_000;

/** The fullest level at which every table fits one answer; otherwise names, in pages. */
export function metadataTables(
  view: CatalogView,
  schema: string | undefined,
  offset: number,
  mint: (offset: number) => string,
) {
  const relations = view.relations.filter((relation) => schema === undefined || relation.schema === schema);
  const level = offset > 0 ? "names" : chooseLevel(view, relations);
  const window = relations.slice(offset, offset + 1_000);
  const { items, page: meta } = page(
    window.map((relation) => entry(view, relation, level)),
    {
      limit: window.length,
      budget: budget + 1_000,
      offset,
      total: relations.length,
      more: offset + window.length < relations.length,
      mint,
    },
  );
  return { level, items, page: meta };
}

function chooseLevel(view: CatalogView, relations: readonly Relation[]): Level {
  for (const level of ["full", "columns"] as const) {
    let used = 0;
    const fits = relations.every((relation) => {
      used += JSON.stringify(entry(view, relation, level)).length + 1;
      return used <= budget;
    });
    if (fits) return level;
  }
  return "names";
}

function entry(view: CatalogView, relation: Relation, level: Level): Record<string, unknown> {
  if (level === "full") return withoutEmpty(describeRelation(view, relation));
  const { schema, name, kind, rowEstimate, columns } = relation;
  const head = { schema, name, kind, row_estimate: rowEstimate ?? null };
  if (level === "names") return { ...head, columns: columns.length };
  const description = annotationFor(view.annotations, schema, name)?.description;
  return {
    ...head,
    ...(description === undefined ? {} : { description: description.slice(0, 200) }),
    columns: columns.map((column) => `${column.name} ${column.type}`),
  };
}

function withoutEmpty(entry: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entry).filter(([, value]) => !Array.isArray(value) || value.length > 0),
  );
}
