import type { VerdictReason } from "../../verdict.ts";

/** What a group of attacks is after; the rows of the table attack family × wall. */
export type Family =
  | "read a file"
  | "write a file"
  | "attach or load"
  | "change the session"
  | "read settings and environment"
  | "run SQL text"
  | "read the catalog"
  | "reach a withheld table"
  | "reach a withheld column"
  | "use a masked column"
  | "write data"
  | "several statements"
  | "confuse the parser"
  | "exhaust resources";

export interface Attack {
  readonly sql: string;
  /** The reason wall 1 gives; absent: the text gate lets it through because it does no harm. */
  readonly reason?: VerdictReason;
}

export interface AttackGroup {
  readonly family: Family;
  readonly attacks: readonly Attack[];
}

export function refused(family: Family, reason: VerdictReason, statements: readonly string[]): AttackGroup {
  return { family, attacks: statements.map((sql) => ({ sql, reason })) };
}

/** Looks like an attack, does no harm: accepted, run, and its effects looked for. */
export function harmless(family: Family, statements: readonly string[]): AttackGroup {
  return { family, attacks: statements.map((sql) => ({ sql })) };
}
