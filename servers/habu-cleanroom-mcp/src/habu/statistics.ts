import { durations, hasFailed, isOver, median, type Run } from "./runs.ts";

export interface RunStatistics {
  readonly runs: number;
  readonly finished: number;
  readonly failed: number;
  readonly open: number;
  /** Per cent of finished runs, one decimal; absent when none finished. */
  readonly success_rate?: number;
  readonly median_minutes?: number;
  readonly longest_minutes?: number;
}

export function runStatistics(runs: readonly Run[]): RunStatistics {
  const finished = runs.filter(({ status }) => isOver(status));
  const failed = finished.filter(({ status }) => hasFailed(status)).length;
  const times = durations(runs);
  const middle = median(times);
  return {
    runs: runs.length,
    finished: finished.length,
    failed,
    open: runs.length - finished.length,
    ...(finished.length === 0
      ? {}
      : { success_rate: rounded((100 * (finished.length - failed)) / finished.length) }),
    ...(middle === undefined
      ? {}
      : { median_minutes: rounded(middle / 60_000), longest_minutes: rounded(Math.max(...times) / 60_000) }),
  };
}

const rounded = (value: number): number => Math.round(value * 10) / 10;

/** The day `days` before a time, as the platform filters by. */
export const sinceDay = (now: number, days: number): string =>
  new Date(now - days * 86_400_000).toISOString().slice(0, 10);
