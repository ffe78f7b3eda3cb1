import { compilePolicy } from "@mcp-data/core";
import { type Annotations, noAnnotations } from "../annotations/annotation.ts";
import type { Relation } from "../catalog/snapshot.ts";
import { type CatalogView, indexRelations } from "../catalog/view.ts";
import type { SourceConfig } from "../config/source-config.ts";
import type { Engine, Limits } from "../engine/engine.ts";
import type { SemanticModel } from "../semantic/model.ts";
import { accessOf, limitsOf, type Scope } from "./access.ts";

/** What people wrote about a source; re-read with each new snapshot. */
export interface Knowledge {
  readonly annotations: Annotations;
  readonly semantic: SemanticModel | undefined;
  readonly warnings: readonly string[];
}

/** A configured source as one project may use it. */
export interface Source {
  readonly id: string;
  readonly config: SourceConfig;
  readonly engine: Engine;
  readonly limits: Limits;
  /** `fresh` reads the catalog again, at most once per floor interval. */
  view(signal: AbortSignal, fresh?: boolean): Promise<CatalogView>;
}

export interface SourceParts {
  readonly scope: Scope;
  readonly engine: Engine;
  knowledge(view: Pick<CatalogView, "snapshot" | "access">, signal: AbortSignal): Promise<Knowledge>;
}

export function createSource({ scope, engine, knowledge }: SourceParts): Source {
  let cached: CatalogView | undefined;

  async function view(signal: AbortSignal, fresh = false): Promise<CatalogView> {
    const snapshot = await engine.snapshot({ fresh, signal });
    if (cached?.snapshot === snapshot) return cached;
    const access = cached?.snapshot.epoch === snapshot.epoch ? cached.access : accessOf(scope, snapshot);
    const { annotations, semantic, warnings } = await knowledge({ snapshot, access }, signal);
    const policy = compilePolicy(access.policy);
    const relations = snapshot.relations
      .filter((relation) => isListed(relation) && policy.table(relation.schema, relation.name) === "allowed")
      .sort((a, b) => compare(a.schema, b.schema) || compare(a.name, b.name));
    cached = {
      snapshot,
      access,
      policy,
      relations,
      annotations,
      semantic,
      warnings: [...snapshot.warnings, ...warnings],
      find: indexRelations(relations),
    };
    return cached;
  }

  return { id: scope.source.id, config: scope.source, engine, limits: limitsOf(scope), view };
}

export const emptyKnowledge: Knowledge = { annotations: noAnnotations, semantic: undefined, warnings: [] };

function isListed(relation: Relation): boolean {
  return relation.kind !== "sequence" && relation.kind !== "other";
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
