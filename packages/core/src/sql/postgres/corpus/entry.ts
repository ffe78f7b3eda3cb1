import type { VerdictReason } from "../../verdict.ts";

export interface Attack {
  readonly family: string;
  readonly sql: string;
  readonly expected: VerdictReason | "accepted";
  /** Only a catalog can tell; without one the gate lets it through. */
  readonly needsCatalog: boolean;
}

export function attacks(
  family: string,
  expected: Attack["expected"],
  statements: readonly string[],
  needsCatalog = false,
): Attack[] {
  return statements.map((sql) => ({ family, sql, expected, needsCatalog }));
}
