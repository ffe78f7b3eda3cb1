import { isToolError } from "@mcp-data/core";
import type { RunKind, RunLedger } from "../client/run-ledger.ts";

/** Runs an attempt that costs one of the hour's slots; a slot that surely was not used is given back. */
export async function withSlot<T>(ledger: RunLedger, kind: RunKind, attempt: () => Promise<T>): Promise<T> {
  const slot = await ledger.reserve(kind);
  try {
    return await attempt();
  } catch (error) {
    if (isToolError(error) && error.details?.applied === "no") {
      await slot.giveBack();
      if (error.details.reason === "UPSTREAM_RATE_LIMIT") await ledger.refused(kind, error.retryAfterMs);
    }
    throw error;
  }
}
