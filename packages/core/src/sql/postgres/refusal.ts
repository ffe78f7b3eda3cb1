import { reject } from "../reject.ts";
import type { Rejected, VerdictReason } from "../verdict.ts";

/** Ends a walk over the tree; never leaves the gate. */
export class Refusal extends Error {
  readonly verdict: Rejected;

  constructor(verdict: Rejected) {
    super(verdict.message);
    this.verdict = verdict;
  }
}

export function refuse(
  reason: VerdictReason,
  message: string,
  hint?: string,
  details?: Readonly<Record<string, unknown>>,
): never {
  throw new Refusal(reject(reason, message, hint, details));
}
