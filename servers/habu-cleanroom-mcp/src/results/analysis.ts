import type { Column, Row } from "./table.ts";

export interface ColumnSummary {
  readonly name: string;
  readonly type: string;
  readonly nulls: number;
  /** At most `maxDistinct`; `distinct_more` says that there are more. */
  readonly distinct: number;
  readonly distinct_more?: true;
  readonly min?: number | string;
  readonly max?: number | string;
  readonly mean?: number;
  readonly sum?: number;
  readonly top?: readonly { readonly value: string; readonly count: number }[];
}

export interface Analysis {
  add(rows: readonly Row[]): void;
  readonly rows: number;
  columns(): ColumnSummary[];
}

const maxDistinct = 1_000;
const numeric = new Set(["INTEGER", "LONG", "BIGINT", "DOUBLE", "DECIMAL", "FLOAT", "NUMBER"]);

/** Sums up rows as they come, in memory that does not grow with them. All values arrive as text. */
export function createAnalysis(columns: readonly Column[]): Analysis {
  const tallies = columns.map((column) => ({ column, tally: createTally(numeric.has(column.type)) }));
  let rows = 0;
  return {
    add(given) {
      rows += given.length;
      for (const row of given) for (const { column, tally } of tallies) tally.add(row[column.name]);
    },
    get rows() {
      return rows;
    },
    columns: () =>
      tallies.map(({ column, tally }) => ({ name: column.name, type: column.type, ...tally.summary() })),
  };
}

function createTally(isNumeric: boolean) {
  const counts = new Map<string, number>();
  let [nulls, numbers, sum, more] = [0, 0, 0, false];
  let min: number | string | undefined;
  let max: number | string | undefined;
  return {
    add(value: string | undefined) {
      if (value === undefined || value === null || value === "") {
        nulls += 1;
        return;
      }
      if (counts.has(value) || counts.size < maxDistinct) counts.set(value, (counts.get(value) ?? 0) + 1);
      else more = true;
      const number = isNumeric ? Number(value) : Number.NaN;
      if (isNumeric && Number.isNaN(number)) return;
      if (isNumeric) {
        numbers += 1;
        sum += number;
      }
      const comparable = isNumeric ? number : value.slice(0, 200);
      if (min === undefined || comparable < min) min = comparable;
      if (max === undefined || comparable > max) max = comparable;
    },
    summary() {
      const top = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 5);
      return {
        nulls,
        distinct: counts.size,
        ...(more ? { distinct_more: true as const } : {}),
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
        ...(numbers === 0 ? {} : { sum: rounded(sum), mean: rounded(sum / numbers) }),
        ...(isNumeric || top.length === 0
          ? {}
          : { top: top.map(([value, count]) => ({ value: value.slice(0, 100), count })) }),
      };
    },
  };
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

/** What changed between two runs: rows, and the sums of numeric columns both have. */
export function compare(
  now: readonly ColumnSummary[],
  before: readonly ColumnSummary[],
  rows: readonly [now: number, before: number],
) {
  const sums = now.flatMap(({ name, sum }) => {
    const old = before.find((one) => one.name === name)?.sum;
    return sum === undefined || old === undefined
      ? []
      : [{ column: name, now: sum, before: old, ...change(sum, old) }];
  });
  return { rows: { now: rows[0], before: rows[1], ...change(rows[0], rows[1]) }, sums };
}

function change(now: number, before: number) {
  return before === 0 ? {} : { change_percent: Math.round((1_000 * (now - before)) / Math.abs(before)) / 10 };
}
