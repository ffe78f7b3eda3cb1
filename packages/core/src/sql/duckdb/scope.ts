import type { ColumnRules } from "../compiled-policy.ts";
import type { GateRelation } from "../policy.ts";

/** What one item of a FROM clause brings in. */
export interface FromItem {
  /** Folded; the relation's own name when no alias was given, empty when it has neither. */
  readonly alias: string;
  readonly relation?: GateRelation;
  /** Present when the policy has column rules for the relation. */
  readonly rules?: ColumnRules;
}

/** The columns an expression can reach: its own SELECT's items and those of every SELECT around it. */
export interface Scope {
  readonly parent: Scope | undefined;
  readonly items: FromItem[];
  /** Output names that stand for a masked column; the engine lets other clauses name them. */
  readonly maskedOutputs: Set<string>;
}

export function openScope(parent: Scope | undefined): Scope {
  return { parent, items: [], maskedOutputs: new Set() };
}

/** Some item here or further out has column rules. Asked late: a FROM clause fills its scope item by item. */
export function isRuled(scope: Scope | undefined): boolean {
  for (let at = scope; at !== undefined; at = at.parent) {
    if (at.items.some((item) => item.rules !== undefined)) return true;
  }
  return false;
}

/** The CTE names visible at one place. A level's first `visible` names count, then its parents'. */
export interface CteLevel {
  readonly names: ReadonlyMap<string, number>;
  readonly visible: number;
  readonly parent: CteLevel | undefined;
  /** The name is a recursive CTE seen from its own recursive part. */
  readonly recursive?: boolean;
}

export function findCte(level: CteLevel | undefined, name: string): CteLevel | undefined {
  for (let at = level; at !== undefined; at = at.parent) {
    const index = at.names.get(name);
    if (index !== undefined && index < at.visible) return at;
  }
  return undefined;
}
