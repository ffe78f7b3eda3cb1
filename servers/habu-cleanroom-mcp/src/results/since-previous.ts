import type { Run } from "../habu/runs.ts";
import type { Work } from "../workflow/work.ts";
import { type ColumnSummary, compare, createAnalysis } from "./analysis.ts";
import type { Input } from "./input.ts";
import { countRows, readRows } from "./table.ts";

export const sampleRows = 500;

export async function compared(
  work: Work<Input>,
  columns: readonly ColumnSummary[],
  total: number,
  analysed: number,
  previous: Run,
) {
  const { habu } = work;
  const oldTotal = await countRows(habu, previous.id);
  const old = await readRows(habu, previous.id, 0, Math.min(sampleRows, Math.max(1, oldTotal)));
  const analysis = createAnalysis(old.columns);
  analysis.add(old.rows);
  // Sums of parts cannot be compared.
  const whole = analysed >= total && analysis.rows >= oldTotal;
  return {
    run: previous.id,
    submitted: previous.submittedAt,
    ...compare(whole ? columns : [], whole ? analysis.columns() : [], [total, oldTotal]),
  };
}
