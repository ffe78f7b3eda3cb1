import type { CompiledPolicy } from "@mcp-data/core";
import type { Annotations } from "../annotations/annotation.ts";
import type { Access } from "../engine/engine.ts";
import type { SemanticModel } from "../semantic/model.ts";
import type { ForeignKey, Relation, Snapshot } from "./snapshot.ts";

/** One source as one project sees it at one moment. */
export interface CatalogView {
  readonly snapshot: Snapshot;
  readonly access: Access;
  readonly policy: CompiledPolicy;
  /** Only what the policy lets through, ordered by schema and name. */
  readonly relations: readonly Relation[];
  readonly annotations: Annotations;
  readonly semantic: SemanticModel | undefined;
  readonly warnings: readonly string[];
  find(schema: string, name: string): Relation | undefined;
}

/** Seconds since the snapshot was taken. */
export function ageSeconds(view: CatalogView, now = Date.now()): number {
  return Math.max(0, Math.round((now - view.snapshot.takenAt) / 1_000));
}

/** Foreign keys with both ends visible. */
export function visibleForeignKeys(view: CatalogView): ForeignKey[] {
  return view.snapshot.foreignKeys.filter(
    (key) =>
      view.find(key.schema, key.table) !== undefined &&
      view.find(key.referencedSchema, key.referencedTable) !== undefined,
  );
}

export function indexRelations(relations: readonly Relation[]): CatalogView["find"] {
  const byName = new Map(
    relations.map((relation) => [JSON.stringify([relation.schema, relation.name]), relation]),
  );
  return (schema, name) => byName.get(JSON.stringify([schema, name]));
}
