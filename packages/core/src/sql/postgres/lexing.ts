import { reject } from "../reject.ts";
import type { Rejected } from "../verdict.ts";

/** Character steps the scanner may spend on runs of operator characters: about 25 ms. */
const maxSteps = 15_000_000;

/** The server's scanner is quadratic in the length of such a run, comments and nested comment openings included. */
export function checkOperatorRuns(sql: string): Rejected | undefined {
  let steps = 0;
  let longest = 0;
  for (const [run] of sql.matchAll(/[~!@#^&|`?+\-*/%<>=]{64,}/g)) {
    steps += (run.length * run.length) / 2;
    longest = Math.max(longest, run.length);
  }
  if (steps <= maxSteps) return undefined;
  return reject(
    "too_large",
    `The statement contains a run of ${longest} operator characters.`,
    "Shorten rulers in comments and repeated signs.",
  );
}
