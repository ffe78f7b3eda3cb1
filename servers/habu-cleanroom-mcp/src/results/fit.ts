import type { Row } from "./table.ts";

const rowBudget = 14_000;

/** Rows that fit the space a reply has. */
export function fit(rows: readonly Row[]): Row[] {
  let used = 0;
  return rows.filter((row) => {
    used += JSON.stringify(row).length;
    return used <= rowBudget;
  });
}
