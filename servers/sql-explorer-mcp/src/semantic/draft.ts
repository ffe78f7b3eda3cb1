import type { AiContext, Dataset, Metric, Relationship, VerifiedQuery } from "./model.ts";

export const noContext: AiContext = { synonyms: [], examples: [] };

/** One model of a document, its references not yet followed. */
export interface Draft {
  readonly name: string;
  readonly description?: string;
  readonly context: AiContext;
  readonly owner?: string;
  readonly datasets: readonly Dataset[];
  readonly relationships: readonly Relationship[];
  readonly metrics: readonly Omit<Metric, "datasets">[];
  readonly verifiedQueries: readonly VerifiedQuery[];
}

/** A relationship is one to one when its many side is unique as well. */
export function relationshipType(
  from: Pick<Dataset, "primaryKey" | "uniqueKeys"> | undefined,
  fromColumns: readonly string[],
): "one_to_one" | "many_to_one" {
  const keys = from === undefined ? [] : [from.primaryKey, ...from.uniqueKeys];
  return keys.some((key) => key.length > 0 && key.every((column) => fromColumns.includes(column)))
    ? "one_to_one"
    : "many_to_one";
}
