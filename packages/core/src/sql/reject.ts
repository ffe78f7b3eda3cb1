import { ToolError } from "../error/tool-error.ts";
import type { Rejected, VerdictReason } from "./verdict.ts";

export function reject(
  reason: VerdictReason,
  message: string,
  hint?: string,
  details?: Readonly<Record<string, unknown>>,
): Rejected {
  return {
    ok: false,
    reason,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  };
}

/** The verdict as the failure a caller sees. */
export function rejectionError(verdict: Rejected): ToolError {
  return new ToolError("VALIDATION_ERROR", verdict.message, {
    ...(verdict.hint === undefined ? {} : { hint: verdict.hint }),
    details: { ...verdict.details, reason: verdict.reason },
  });
}
