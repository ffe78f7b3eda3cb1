import { isToolError } from "@mcp-data/core";
import type { Habu } from "../client/habu-client.ts";
import type { Received } from "../contract/types.ts";
import type { Services } from "../services.ts";

export interface Run {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly submittedAt: string | undefined;
  readonly startedAt: string | undefined;
  readonly completedAt: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly failureReason: string | undefined;
  readonly isRetryable: boolean;
}

const failureWords = new Set(["FAILED", "ERROR", "PARTNER_FAILED"]);

export const hasFailed = (status: string): boolean => failureWords.has(status);
/** PARTNER_COMPLETED may still become COMPLETED, PENDING_RETRY runs again. */
export const isOver = (status: string): boolean => status === "COMPLETED" || hasFailed(status);

export function runFrom(given: Received<"QuestionRunMetadata">): Run {
  return {
    id: given.id ?? "",
    name: given.name ?? "",
    status: (given.status ?? "").toUpperCase(),
    submittedAt: given.submittedAt,
    startedAt: given.executedAt,
    completedAt: given.completedAt,
    parameters: { ...given.parameters },
    failureReason: given.failureReason ? given.failureReason : undefined,
    isRetryable: given.isRetryable === true,
  };
}

const pageSize = 100;

export interface RunList {
  readonly runs: readonly Run[];
  /** More runs exist than were read. */
  readonly cut: boolean;
}

/** Newest first, in the order the platform gives. */
export async function listRuns(
  habu: Habu,
  questionId: string,
  options: { since?: string; max?: number; fresh?: boolean } = {},
): Promise<RunList> {
  const { since, max = 100, fresh = false } = options;
  const runs: Run[] = [];
  for (let offset = 0; runs.length < max; offset += pageSize) {
    const page = await habu.call(
      "getAllCleanroomQuestionRuns",
      {
        path: { cleanroomQuestionId: questionId },
        query: { limit: pageSize, offset, ...(since === undefined ? {} : { startDate: since }) },
      },
      { fresh },
    );
    runs.push(...page.map(runFrom));
    if (page.length < pageSize) return { runs, cut: false };
  }
  return { runs, cut: true };
}

export interface Watched {
  readonly run: Run;
  /** Epoch milliseconds of the read this comes from. */
  readonly seenAt: number;
  /** When the next read is allowed; absent once the run is over. */
  readonly nextCheckAt: number | undefined;
}

export const pollGapMs = 300_000;

/** A run's state: asked for at most every five minutes, whoever asks, and never again once it is over. */
export async function watchRun(
  habu: Habu,
  services: Pick<Services, "runBook" | "clock">,
  runId: string,
): Promise<Watched> {
  const { runBook, clock } = services;
  const read = () => habu.call("getCleanroomQuestionRunById", { path: { cleanroomQuestionRunId: runId } });
  const known = runBook.last(runId);
  if (known?.final === true) return seen(known.state, known.at, true);
  if (await runBook.takeTurn(runId, pollGapMs)) {
    let given: Awaited<ReturnType<typeof read>>;
    try {
      given = await read();
    } catch (error) {
      // It counted, so it is not repeated: what was known still holds until the next one.
      if (known?.state.status === undefined || !isUnanswered(error)) throw error;
      return seen(known.state, known.at, false);
    }
    const run = runFrom(given);
    const { parameters: _, ...kept } = run;
    await runBook.saw(runId, kept, isOver(run.status));
    return {
      run,
      seenAt: clock.now(),
      nextCheckAt: isOver(run.status) ? undefined : clock.now() + pollGapMs,
    };
  }
  const last = runBook.last(runId);
  if (last === undefined || last.state.status === undefined) {
    return seen(
      { id: runId, name: "", status: "UNKNOWN", isRetryable: false },
      last?.at ?? clock.now(),
      false,
    );
  }
  return seen(last.state, last.at, last.final);
}

const unanswered: ReadonlySet<unknown> = new Set([
  "CONNECTION_ERROR",
  "UPSTREAM_ERROR",
  "UPSTREAM_UNAVAILABLE",
]);

/** The platform failed or was not heard, which says nothing of the run. */
function isUnanswered(error: unknown): boolean {
  return isToolError(error) && unanswered.has(error.code);
}

function seen(state: Readonly<Record<string, unknown>>, at: number, final: boolean): Watched {
  return {
    run: { parameters: {}, ...state } as unknown as Run,
    seenAt: at,
    nextCheckAt: final ? undefined : at + pollGapMs,
  };
}

/** Milliseconds of complete runs from submission to end, oldest to newest unsorted. */
export function durations(runs: readonly Run[]): number[] {
  return runs.flatMap(({ status, submittedAt, completedAt }) => {
    if (status !== "COMPLETED" || submittedAt === undefined || completedAt === undefined) return [];
    const ms = Date.parse(completedAt) - Date.parse(submittedAt);
    return Number.isFinite(ms) && ms >= 0 ? [ms] : [];
  });
}

export function median(numbers: readonly number[]): number | undefined {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return undefined;
  return sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export const shownRun = (run: Run) => ({
  id: run.id,
  name: run.name,
  status: run.status,
  ...(run.submittedAt === undefined ? {} : { submitted: run.submittedAt }),
  ...(run.completedAt === undefined ? {} : { completed: run.completedAt }),
  ...(run.failureReason === undefined ? {} : { failure: run.failureReason, retryable: run.isRetryable }),
});

export const minutes = (ms: number): number => Math.round(ms / 60_000);
