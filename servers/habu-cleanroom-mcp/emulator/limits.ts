import type { OperationId } from "../src/contract/operations.ts";

const hourMs = 3_600_000;
const runOperations: ReadonlySet<string> = new Set([
  "createCleanroomQuestionRun",
  "createOrUpdateCleanroomFlowRun",
]);
const statusOperations: Readonly<Record<string, string>> = {
  getCleanroomQuestionRunById: "cleanroomQuestionRunId",
  getCleanroomFlowRunStatus: "cleanroomFlowRunId",
};

export interface Limits {
  /** A slot for a run; false is HTTP 429. Other operations are free. */
  takeRun(operation: OperationId, now: number): boolean;
  /** What the platform asks its users not to do, though it answers. */
  tooOften(operation: OperationId, path: Readonly<Record<string, string>>, now: number): string | undefined;
}

/** 20 runs an hour of each kind; one status read of a run in 5 minutes. */
export function createLimits(): Limits {
  const taken = new Map<string, number[]>();
  const read = new Map<string, number>();
  return {
    takeRun(operation, now) {
      if (!runOperations.has(operation)) return true;
      const recent = (taken.get(operation) ?? []).filter((at) => at > now - hourMs);
      if (recent.length >= 20) return false;
      taken.set(operation, [...recent, now]);
      return true;
    },
    tooOften(operation, path, now) {
      const variable = statusOperations[operation];
      const id = variable === undefined ? undefined : path[variable];
      if (id === undefined) return undefined;
      const last = read.get(id);
      read.set(id, now);
      return last !== undefined && now - last < 5 * 60_000 ? "status read again within 5 minutes" : undefined;
    },
  };
}
