import { compilePolicy } from "@mcp-data/core";
import { isVisible } from "../catalog/relation-rules.ts";
import type { Relation, Snapshot } from "../catalog/snapshot.ts";
import { type CatalogView, indexRelations } from "../catalog/view.ts";
import { withoutWithheldTexts } from "../catalog/withheld-texts.ts";
import type { SourceConfig } from "../config/source-config.ts";
import type { Engine, Limits } from "../engine/engine.ts";
import { accessOf, limitsOf, type Scope } from "./access.ts";
import { foldOf } from "./fold.ts";
import { readKnowledge } from "./knowledge.ts";

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
}

export function createSource({ scope, engine }: SourceParts): Source {
  let cached: CatalogView | undefined;
  let building: { snapshot: Snapshot; view: Promise<CatalogView> } | undefined;

  async function view(signal: AbortSignal, fresh = false): Promise<CatalogView> {
    const snapshot = await engine.snapshot({ fresh, signal });
    if (cached?.snapshot === snapshot) return cached;
    if (building?.snapshot !== snapshot) building = { snapshot, view: build(snapshot) };
    return building.view;
  }

  /** Shared by all who wait for it, so no caller's cancelling stops it. */
  async function build(snapshot: Snapshot): Promise<CatalogView> {
    try {
      const access = cached?.snapshot.epoch === snapshot.epoch ? cached.access : accessOf(scope, snapshot);
      const never = new AbortController().signal;
      const knowledge = await readKnowledge(scope, engine, { snapshot, access }, never);
      const policy = compilePolicy(access.policy, foldOf(scope.source.kind));
      const relations = snapshot.relations
        .filter((relation) => isListed(relation) && isVisible(policy, relation))
        .map((relation) => withoutWithheldTexts(policy, relation))
        .sort((a, b) => compare(a.schema, b.schema) || compare(a.name, b.name));
      cached = {
        snapshot,
        access,
        policy,
        relations,
        annotations: knowledge.annotations,
        semantic: knowledge.semantic,
        warnings: [...snapshot.warnings, ...knowledge.warnings],
        find: indexRelations(relations),
      };
      return cached;
    } finally {
      building = undefined;
    }
  }

  return { id: scope.source.id, config: scope.source, engine, limits: limitsOf(scope), view };
}

function isListed(relation: Relation): boolean {
  return relation.kind !== "sequence" && relation.kind !== "other";
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
