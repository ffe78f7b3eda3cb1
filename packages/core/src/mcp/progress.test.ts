import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Progress } from "../tool/define-tool.ts";
import { reportProgress } from "./progress.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function record() {
  const sent: number[] = [];
  return { sent, reporter: reportProgress((update: Progress) => void sent.push(update.progress), 100) };
}

test("sends the first at once and then the newest of each interval", () => {
  const { sent, reporter } = record();
  for (let progress = 1; progress <= 5; progress += 1) reporter.report({ progress });
  expect(sent).toEqual([1]);
  vi.advanceTimersByTime(100);
  expect(sent).toEqual([1, 5]);
  vi.advanceTimersByTime(1_000);
  reporter.report({ progress: 6 });
  expect(sent).toEqual([1, 5, 6]);
});

test("never goes back and drops what is not a number", () => {
  const { sent, reporter } = record();
  for (const progress of [3, 2, 3, Number.NaN]) reporter.report({ progress });
  reporter.finish();
  expect(sent).toEqual([3]);
});

test("sends what is held back when the call ends, and nothing afterwards", () => {
  const { sent, reporter } = record();
  reporter.report({ progress: 1 });
  reporter.report({ progress: 9 });
  reporter.finish();
  reporter.report({ progress: 10 });
  vi.advanceTimersByTime(1_000);
  expect(sent).toEqual([1, 9]);
});
