import type { Run, World } from "./world.ts";

const settleMs = 2 * 60_000;

/** The word a run's status has at a time: QUEUED, RUNNING, then what its script says. */
export function statusAt(run: Run, now: number): string {
  const since = now - run.submittedAt;
  if (since < run.startsAfter) return "QUEUED";
  if (since < run.endsAfter) return "RUNNING";
  const step = Math.floor((since - run.endsAfter) / settleMs);
  return run.path[Math.min(step, run.path.length - 1)] ?? "COMPLETED";
}

export function isFailure(status: string): boolean {
  return status === "FAILED" || status === "ERROR" || status === "PARTNER_FAILED";
}

/** A run as the platform would start it now. */
export function newRun(
  world: World,
  question: { id: string; title: string },
  options: { name: string; parameters: Record<string, string>; at: number; missing: readonly string[] },
): Run {
  const script = world.scripts.get(question.title) ?? world.scripts.get("*");
  const applies = script !== undefined && (script.times === undefined || script.times > 0);
  if (applies && script.times !== undefined) script.times -= 1;
  const path = applies ? [...script.path] : ["COMPLETED"];
  const spread = (options.name.length * 7) % 10;
  return {
    id: world.nextId("run"),
    name: options.name,
    parameters: options.parameters,
    submittedAt: options.at,
    startsAfter: 60_000,
    endsAfter: (18 + spread / 2) * 60_000,
    path,
    failureReason: applies ? script.failureReason : undefined,
    isRetryable: applies ? (script.isRetryable ?? false) : false,
    // A run without its parameters completes and finds nothing.
    rows: options.missing.length > 0 ? 0 : (world.rowsOfNewRuns ?? 48 + ((question.title.length * 13) % 90)),
  };
}
