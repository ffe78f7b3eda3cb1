import type { Parts } from "./parts.ts";
import { collectStep, type RawRow } from "./protocol/step.ts";

/** Statements of ours on the connection kept for them: read-only, as the login, no schema in the search path. */
export async function runOwn(
  parts: Pick<Parts, "pool" | "session" | "ownTimeoutMs">,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<readonly (readonly RawRow[])[]> {
  const { session, ownTimeoutMs: timeoutMs } = parts;
  const lease = await parts.pool.acquireOwn(signal);
  try {
    const steps = texts.map(collectStep);
    const begin = session.begin({ schemas: [], statementTimeoutMs: timeoutMs }, lease.prepared);
    await lease.run([begin, ...steps, session.end(lease.pooled)], { signal, timeoutMs, closes: true });
    return steps.map((step) => step.rows);
  } finally {
    lease.release();
  }
}
