import { isOurs, type Reading, readExpression } from "./expression.ts";
import type { Expression } from "./model.ts";

/** Ends loading with a CONFIG_ERROR. */
export type Fail = (field: string, problem: string, fix: string) => never;

/** What the expressions of one field or metric read, in the dialects that are ours; a note when there is none. */
export function readings(
  expressions: readonly Expression[],
  at: string,
  fail: Fail,
  notes: string[],
): readonly Reading[] {
  const ours = expressions.filter((expression) => isOurs(expression.dialect));
  if (ours.length === 0) notes.push(`Semantic model, ${at}: no expression in ANSI_SQL, POSTGRES or DUCKDB.`);
  return ours.map(({ sql }) => {
    const reading = readExpression(sql);
    if (!("fault" in reading)) return reading;
    return fail(at, `its expression is not usable: ${reading.fault}`, "Write one SQL expression.");
  });
}
