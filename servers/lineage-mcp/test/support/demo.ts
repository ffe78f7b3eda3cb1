import { afterAll } from "vitest";
import { openRecorded, type Recorded } from "./recorded.ts";

/** What every list answers beside its rows. */
export interface Answer {
  total: number;
  returned: number;
  truncated: boolean;
  reason?: string;
  as_of: string;
  ingest_lag_ms: number;
}
export type Row = Record<string, unknown>;

/** The tools over the recorded session that ships, until the test file ends. */
export function openDemo(): Recorded {
  const demo = openRecorded();
  afterAll(() => demo[Symbol.asyncDispose]());
  return demo;
}
