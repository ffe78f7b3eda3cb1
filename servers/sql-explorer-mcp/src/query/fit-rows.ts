import type { Cell, ResultColumn } from "../engine/engine.ts";

/** Characters of JSON the rows of one answer may take; the rest of the result fits beside it under the hard cap. */
export const rowBudget = 34_000;

export interface Fitted {
  readonly rows: readonly (readonly Cell[])[];
  /** Rows were left out to stay within the budget. */
  readonly cut: boolean;
  /** Cells of the only row were shortened further than the source's limit asks. */
  readonly shortened: boolean;
}

/** Whole rows up to the budget; a first row above it is kept with shortened cells rather than lost. */
export function fitRows(
  rows: readonly (readonly Cell[])[],
  size: (row: readonly Cell[]) => number,
  budget: number = rowBudget,
): Fitted {
  const kept: (readonly Cell[])[] = [];
  let used = 0;
  for (const row of rows) {
    const next = used + size(row);
    if (next > budget) break;
    used = next;
    kept.push(row);
  }
  const [first] = rows;
  if (kept.length > 0 || first === undefined) {
    return { rows: kept, cut: kept.length < rows.length, shortened: false };
  }
  return { rows: [shorten(first, budget)], cut: rows.length > 1, shortened: true };
}

function shorten(row: readonly Cell[], budget: number): Cell[] {
  const share = Math.max(8, Math.floor(budget / Math.max(1, row.length) / 2) - 8);
  return row.map((cell) => {
    const text = typeof cell === "string" ? cell : JSON.stringify(cell);
    return text.length <= share ? cell : `${text.slice(0, share)}…`;
  });
}

/** Names for row objects: a repeated name gets _2, _3 …, so that no value is lost. */
export function uniqueNames(columns: readonly ResultColumn[]): string[] {
  const taken = new Set(columns.map((column) => column.name));
  const seen = new Set<string>();
  return columns.map(({ name }) => {
    let unique = name;
    for (let n = 2; seen.has(unique); n += 1) {
      unique = `${name}_${n}`;
      if (taken.has(unique)) unique = name;
    }
    seen.add(unique);
    return unique;
  });
}
