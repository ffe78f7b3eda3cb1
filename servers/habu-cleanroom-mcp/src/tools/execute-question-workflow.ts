import { ToolError } from "@mcp-data/core";
import { z } from "zod";
import { createOnce } from "../client/settle.ts";
import { listBindings } from "../habu/bindings.ts";
import { checkParameters, listParameters, type RunParameter } from "../habu/parameters.ts";
import { plainText } from "../habu/plain-text.ts";
import { findQuestion, type RoomQuestion, readQuestion, shownQuestion } from "../habu/questions.ts";
import {
  durations,
  hasFailed,
  listRuns,
  median,
  type Run,
  runFrom,
  shownRun,
  watchRun,
} from "../habu/runs.ts";
import { withSlot } from "../habu/start-run.ts";
import { sinceDay } from "../habu/statistics.ts";
import { waitFor } from "../habu/wait.ts";
import { createAnalysis } from "../results/analysis.ts";
import { countRows, readRows } from "../results/table.ts";
import type { Work } from "../workflow/work.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";
import { reference, text, values, waitSeconds } from "./fields.ts";

const shape = {
  question: reference,
  cleanroom: reference.optional(),
  parameters: values.optional(),
  name: text(80).optional(),
  fresh: z.boolean().optional(),
  wait_seconds: waitSeconds,
};
type Input = z.output<z.ZodObject<typeof shape>>;

const recentMs = 24 * 3_600_000;

export const executeQuestionWorkflow = workflowTool({
  name: "execute_question_workflow",
  title: "Run a question",
  description:
    "Checks and runs a question and follows it to its result. Runs take 15-30 minutes: call again with resume after next_check_at. A recent equal run is offered instead unless fresh.",
  group: "questions",
  kind: "write",
  needs: ["createCleanroomQuestionRun"],
  uses: [
    ...([
      "getAllCleanrooms",
      "getAllCleanroomQuestions",
      "getCleanroomQuestionById",
      "getAllCleanroomQuestionDatasets",
      "getCleanroomQuestionParameters",
    ] as const),
    ...([
      "getAllCleanroomQuestionRuns",
      "getCleanroomQuestionRunById",
      "getCleanroomQuestionRunDataCount",
      "getCleanroomQuestionRunData",
    ] as const),
  ],
  input: shape,
  words: {
    question: "id or name",
    cleanroom: "id or name",
    parameters: "{name: text}",
    name: "of the run",
    fresh: "run again",
    wait_seconds: "0-600",
  },
  timeoutMs: 660_000,
  async run(work) {
    const { input, habu, services } = work;
    const question = await findQuestion(habu, input.question, input.cleanroom);
    const history = await listRuns(habu, question.id, { since: sinceDay(services.clock.now(), 30) });
    if (work.resumed("run")) {
      const id = await work.step("run", "run", (retaken) => start(work, question, {}, retaken));
      return follow(work, question, id.id, history.runs);
    }
    await requireReady(work, question);
    const parameters = await listParameters(habu, question.id);
    const given = { ...input.parameters };
    for (const { name, defaultValue } of parameters) {
      if (given[name] !== undefined || defaultValue === undefined) continue;
      given[name] = defaultValue;
      work.assume(`${name} = ${plainText(defaultValue, 60)}`);
    }
    const { missing, problems } = checkParameters(parameters, given);
    if (problems.length > 0) {
      throw new ToolError("VALIDATION_ERROR", `${problems.slice(0, 4).join("; ")}.`, {
        hint: "Nothing was run; correct the values.",
        details: { reason: "BAD_PARAMETERS" },
      });
    }
    if (missing.length > 0) {
      return work.ask(
        missing.map((one) => ask(one, history.runs)),
        { note: "A run without these would complete with no rows and cost a slot." },
      );
    }
    const alike =
      input.fresh === true
        ? undefined
        : history.runs.find((run) => isAlike(run, given, services.clock.now()));
    if (alike !== undefined) {
      const outcome = await work.ask(
        [
          {
            field: "fresh",
            why: `Run "${plainText(alike.name, 60)}" has the same parameters (${alike.status}, ${alike.submittedAt}). Pass fresh: true to run again.`,
            candidates: ["true"],
          },
        ],
        { run: shownRun(alike) },
      );
      return {
        ...outcome,
        data: {
          ...outcome.data,
          next: [
            {
              tool: "retrieve_and_analyze_results",
              why: "use the run that exists",
              arguments: { run: alike.id },
            },
          ],
        },
      };
    }
    const stop = await work.plan(
      [
        {
          step: "run question",
          what: `${question.displayId} with ${Object.keys(given).length} parameter(s)`,
        },
      ],
      { question: shownQuestion(question), parameters: given, slots: services.ledger.use("question") },
    );
    if (stop !== undefined) return stop;
    const id = await work.step("run", "run question", (retaken) => start(work, question, given, retaken));
    return follow(work, question, id.id, history.runs);
  },
});

/** 412 would be the platform's answer; this one says what is missing and whose it is. */
async function requireReady({ habu }: Work<Input>, question: RoomQuestion): Promise<void> {
  if (question.status === "READY") return;
  const now = await readQuestion(habu, question.id, { fresh: true });
  if (now.status === "READY") return;
  const open = (await listBindings(habu, question.id)).filter(({ datasetId }) => datasetId === "");
  throw new ToolError(
    "CONFLICT",
    `${question.displayId} cannot run: ${now.status}. Nothing was run and no slot was used.`,
    {
      hint: "Assign its datasets with deploy_analytics_question; partners assign theirs in the console.",
      details: {
        reason: "NOT_READY",
        missing: open
          .slice(0, 6)
          .map(({ macro, organisationName }) => `@${macro} of ${organisationName || "nobody yet"}`),
      },
    },
  );
}

/** The name is unique, so that a run whose answer was lost can be recognised. */
async function start(
  work: Work<Input>,
  question: RoomQuestion,
  parameters: Record<string, string>,
  retaken: boolean,
) {
  const { input, habu, services } = work;
  const name = `${input.name ?? question.name.slice(0, 60)} ${(await work.handle()).slice(-8)}`;
  const path = { cleanroomQuestionId: question.id };
  const find = async () => {
    const { runs } = await listRuns(habu, question.id, {
      since: sinceDay(services.clock.now(), 2),
      fresh: true,
    });
    const same = runs.find((run) => run.name === name);
    return same === undefined ? undefined : { id: same.id, name };
  };
  const found = retaken ? await find() : undefined;
  if (found !== undefined) return { value: found, state: "adopted" as const };
  const { value, adopted } = await createOnce({
    what: `the run "${name}"`,
    attempt: () =>
      withSlot(services.ledger, "question", async () => {
        const made = runFrom(
          await habu.call("createCleanroomQuestionRun", { path, body: { name, parameters } }),
        );
        // Its creation is the first look at it.
        const { parameters: _, ...kept } = made;
        await services.runBook.saw(made.id, kept, false);
        return { id: made.id, name };
      }),
    find,
  });
  return {
    value,
    state: adopted ? ("adopted" as const) : ("done" as const),
    detail: value.id,
    undo: "a run cannot be cancelled; its record can be deleted once it ended",
  };
}

async function follow(work: Work<Input>, question: RoomQuestion, runId: string, history: readonly Run[]) {
  const { input, habu, services } = work;
  const usual = median(durations(history));
  const elapsed = (run: Run) =>
    run.submittedAt === undefined ? 0 : services.clock.now() - Date.parse(run.submittedAt);
  const seen = await waitFor({
    habu,
    clock: services.clock,
    waitMs: (input.wait_seconds ?? 0) * 1_000,
    async look() {
      const { run, seenAt, nextCheckAt } = await watchRun(habu, services, runId);
      return { last: { run, seenAt }, nextAt: nextCheckAt };
    },
    onWait: (ms) =>
      work.progress(
        ms,
        usual ?? ms * 2,
        usual === undefined
          ? "Running"
          : `Running; complete runs of this question took ${minutes(usual)} min`,
      ),
  });
  const { run, seenAt } = seen.last;
  if (run.status === "COMPLETED") return finished(work, question, run);
  if (hasFailed(run.status)) return failed(work, question, run);
  return work.end({
    status: "running",
    summary: `The run is ${run.status}; ${minutes(elapsed(run))} min since it was submitted${usual === undefined ? "" : `, complete runs took ${minutes(usual)} min`}. It goes on whether or not anybody waits; it cannot be cancelled.`,
    result: {
      question: shownQuestion(question),
      run: shownRun(run),
      seen_at: new Date(seenAt).toISOString(),
      next_check_at: new Date(seen.nextAt ?? seenAt).toISOString(),
      elapsed_minutes: minutes(elapsed(run)),
      ...(usual === undefined
        ? {}
        : {
            usual_minutes: minutes(usual),
            estimated_percent: Math.min(95, Math.round((100 * elapsed(run)) / usual)),
          }),
      slots: services.ledger.use("question"),
    },
    next: [
      {
        tool: "execute_question_workflow",
        why: "look again after next_check_at",
        arguments: { question: question.id, resume: await work.handle() },
      },
    ],
  });
}

async function finished(work: Work<Input>, question: RoomQuestion, run: Run) {
  const { habu, services } = work;
  const total = await countRows(habu, run.id);
  const { columns, rows } = await readRows(habu, run.id, 0, Math.min(500, Math.max(1, total)));
  const analysis = createAnalysis(columns);
  analysis.add(rows);
  services.accessLog.add({
    at: new Date(services.clock.now()).toISOString(),
    what: "summary",
    run: run.id,
    question: question.id,
    principal: work.principal.id,
    rows: Math.min(5, rows.length),
  });
  const minutesTaken =
    run.submittedAt && run.completedAt
      ? minutes(Date.parse(run.completedAt) - Date.parse(run.submittedAt))
      : undefined;
  return work.end({
    summary:
      total === 0
        ? "The run completed without rows: parameters or filters found nothing."
        : `The run completed with ${total} row(s)${minutesTaken === undefined ? "" : ` in ${minutesTaken} min`}.`,
    result: {
      question: shownQuestion(question),
      run: shownRun(run),
      rows: total,
      columns: analysis.columns(),
      first_rows: rows.slice(0, 5),
      ...(rows.length < total ? { analysed_rows: rows.length } : {}),
    },
    next: [
      total === 0
        ? {
            tool: "troubleshoot_issues",
            why: "find out why there are no rows",
            arguments: { run: run.id, question: question.id },
          }
        : {
            tool: "retrieve_and_analyze_results",
            why: "all rows, comparison, files",
            arguments: { run: run.id },
          },
      {
        tool: "share_results",
        why: "let partners see them",
        arguments: { question: question.displayId, action: "show" },
      },
    ],
  });
}

async function failed(work: Work<Input>, question: RoomQuestion, run: Run) {
  return work.end({
    summary: `The run ended as ${run.status}: ${run.failureReason ?? "no reason was given"}.`,
    result: {
      question: shownQuestion(question),
      run: shownRun(run),
      retry: run.isRetryable
        ? "The platform calls this failure retryable; a new run costs one slot, so ask the user first."
        : "The platform does not call this failure retryable: remove the cause first.",
    },
    next: [
      {
        tool: "troubleshoot_issues",
        why: "find the cause",
        arguments: { run: run.id, question: question.id },
      },
      ...(run.isRetryable
        ? [
            {
              tool: "execute_question_workflow",
              why: "try again, once the user agrees",
              arguments: { question: question.id, fresh: true },
            },
          ]
        : []),
    ],
  });
}

function ask({ name, type, kind, allowed, example }: RunParameter, history: readonly Run[]) {
  const before = history.map(({ parameters }) => parameters[name]).find((value) => value !== undefined);
  const candidates = allowed ?? [before, example].filter((one): one is string => one !== undefined);
  return {
    field: `parameters.${name}`,
    why: `${kind === "partition" ? "Chooses the part of the data" : "Used by the query"}; ${type}.`,
    ...(candidates.length === 0 ? {} : { candidates }),
  };
}

function isAlike(run: Run, parameters: Readonly<Record<string, string>>, now: number): boolean {
  if (hasFailed(run.status) || run.submittedAt === undefined || now - Date.parse(run.submittedAt) > recentMs)
    return false;
  const names = new Set([...Object.keys(run.parameters), ...Object.keys(parameters)]);
  return [...names].every((name) => run.parameters[name] === parameters[name]);
}

const minutes = (ms: number): number => Math.round(ms / 60_000);
