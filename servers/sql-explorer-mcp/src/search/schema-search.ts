import type { Annotations } from "../annotations/annotation.ts";
import type { Column, Relation } from "../catalog/snapshot.ts";
import type { SemanticModel } from "../semantic/model.ts";
import { searchTexts, type Text } from "./entries.ts";
import { type Place, places } from "./places.ts";
import { createScoring, type Hit } from "./scoring.ts";
import { snippet } from "./snippet.ts";
import { createTop } from "./top.ts";
import { createWordIndex } from "./word-index.ts";
import { queryWords } from "./words.ts";

export type SearchKind = "table" | "column";

export interface SearchOptions {
  /** Both when absent or empty. */
  readonly kinds?: readonly SearchKind[];
  readonly limit: number;
}

export interface SearchResult {
  readonly kind: SearchKind;
  readonly schema: string;
  readonly table: string;
  readonly column?: string;
  /** A column's type. */
  readonly type?: string;
  /** 0 to 1, two decimals; 1 is a name of exactly these words. */
  readonly score: number;
  /** Where words were found, strongest place first. */
  readonly matched: readonly Place[];
  /** The text around a word that is not in the name. */
  readonly snippet?: string;
}

export interface SchemaSearch {
  /** Best first; the same question gives the same answer. Words nobody uses give nothing. */
  search(query: string, options: SearchOptions): readonly SearchResult[];
}

/**
 * Indexes what the reader may see: names, comments, enum values, annotations, synonyms and metrics. The model must
 * be bound. About 0.1 ms per table of ten columns, so the caller keeps it as long as these inputs are the same.
 */
export function createSchemaSearch(
  relations: readonly Relation[],
  annotations: Annotations,
  semantic: SemanticModel | undefined,
): SchemaSearch {
  const { ofTable, ofColumn } = searchTexts(relations, annotations, semantic);
  const columns = relations.flatMap((relation, table) =>
    relation.columns.map((column) => ({ relation, table, column })),
  );
  const index = createWordIndex(documents());
  const tables = relations.length;
  const score = createScoring(index, {
    tables,
    tableOf: (document) => (document < tables ? document : (columns[document - tables]?.table ?? 0)),
    prior: (document) => priorOf(target(document)),
  });

  return {
    search(query, { kinds = [], limit }) {
      const words = queryWords(query);
      const isWanted = (document: number) =>
        kinds.length === 0 || kinds.includes(document < tables ? "table" : "column");
      const best = createTop(limit);
      if (words.length > 0) {
        score(words, (hit) => isWanted(hit.document) && best.add(hit), best.floor);
      }
      const terms = new Set(
        words.flatMap((word) => index.vocabulary(word).map(({ term }) => index.terms[term] ?? "")),
      );
      return best.hits.map((hit) => result(hit, terms));
    },
  };

  function* documents(): Generator<readonly Text[]> {
    for (const relation of relations) yield ofTable(relation);
    for (const { relation, column } of columns) yield ofColumn(relation, column);
  }

  function target(document: number): { readonly relation: Relation | undefined; readonly column?: Column } {
    if (document < tables) return { relation: relations[document] };
    const entry = columns[document - tables];
    return entry === undefined ? { relation: undefined } : { relation: entry.relation, column: entry.column };
  }

  function result(hit: Hit, terms: ReadonlySet<string>): SearchResult {
    const { relation, column } = target(hit.document);
    if (relation === undefined) throw new Error(`no document ${hit.document}`);
    const texts = column === undefined ? ofTable(relation) : ofColumn(relation, column);
    const text = snippet(texts, terms);
    return {
      kind: column === undefined ? "table" : "column",
      schema: relation.schema,
      table: relation.name,
      ...(column === undefined ? {} : { column: column.name, type: column.type }),
      score: Math.round(Math.min(1, hit.score) * 100) / 100,
      matched: places.filter((_, at) => (hit.where & (1 << at)) !== 0).map((place) => place.name),
      ...(text === undefined ? {} : { snippet: text }),
    };
  }
}

/** Partitions repeat their parent; among equals a table comes before a column. */
function priorOf({
  relation,
  column,
}: {
  readonly relation: Relation | undefined;
  readonly column?: Column;
}): number {
  return (relation?.kind === "partition" ? 0.5 : 1) * (column === undefined ? 1 : 0.95);
}
