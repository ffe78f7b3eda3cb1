import { ToolError } from "@mcp-data/core";
import { z } from "zod";
import { findQuestion } from "../habu/questions.ts";
import { isUuid } from "../habu/resolve.ts";
import { hasFailed, isOver, listRuns, type Run, shownRun, watchRun } from "../habu/runs.ts";
import { type ColumnSummary, compare, createAnalysis } from "../results/analysis.ts";
import { exportFile } from "../results/export-file.ts";
import { fileFormats } from "../results/formats.ts";
import { rowPages } from "../results/pages.ts";
import { countRows, type Row, readRows, type Table } from "../results/table.ts";
import type { Work } from "../workflow/work.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";
import { reference, text } from "./fields.ts";

const shape = {
  run: text(100).optional(),
  question: reference.optional(),
  cleanroom: reference.optional(),
  limit: z.int().min(0).max(200).optional(),
  offset: z.int().min(0).optional(),
  file: z.enum(fileFormats).optional(),
  file_name: text(100).optional(),
  compare: z.boolean().optional(),
};
type Input = z.output<z.ZodObject<typeof shape>>;

const sampleRows = 500;
const rowBudget = 14_000;
const exportBudget = 2_000;

export const retrieveAndAnalyzeResults = workflowTool({
  name: "retrieve_and_analyze_results",
  title: "Read results",
  description:
    "Summarises a run's result, compares it with the run before, shows rows, writes all to a file. Takes a run, or a question for its latest.",
  group: "questions",
  kind: "read",
  needs: ["getCleanroomQuestionRunData"],
  uses: [
    ...([
      "getAllCleanrooms",
      "getAllCleanroomQuestions",
      "getCleanroomQuestionById",
      "getAllCleanroomQuestionRuns",
      "getCleanroomQuestionRunById",
    ] as const),
    ...(["getCleanroomQuestionRunDataCount", "getCleanroomQuestionRunData"] as const),
  ],
  input: shape,
  words: {
    run: "id",
    question: "id or name",
    cleanroom: "id or name",
    limit: "20 rows",
    offset: "0",
    file: "file",
    file_name: "plain name",
    compare: "false: skip",
  },
  timeoutMs: 600_000,
  async run(work) {
    const { input, habu, services } = work;
    const { run, previous } = await chosenRun(work);
    const total = await countRows(habu, run.id);
    const offset = input.offset ?? 0;
    const limit = input.limit ?? 20;
    const first = await readRows(habu, run.id, 0, Math.min(sampleRows, Math.max(1, total)));
    const shown =
      offset + limit <= first.rows.length || limit === 0
        ? first.rows.slice(offset, offset + limit)
        : (await readRows(habu, run.id, offset, limit)).rows;
    const fitted = fit(shown);
    const analysis = createAnalysis(first.columns);
    const exported =
      input.file === undefined ? undefined : await writeFile(work, run, total, first, analysis);
    if (exported === undefined) analysis.add(first.rows);
    const columns = analysis.columns();
    const change =
      previous === undefined || input.compare === false
        ? undefined
        : await compared(work, columns, total, analysis.rows, previous);
    services.accessLog.add({
      at: new Date(services.clock.now()).toISOString(),
      what: exported === undefined ? "rows" : "file",
      run: run.id,
      principal: work.principal.id,
      rows: exported?.rows ?? fitted.length,
    });
    const accesses = services.accessLog.recent(200, (entry) => entry.run === run.id).length;
    return work.end({
      summary: `${total} row(s), ${first.columns.length} column(s)${total === 0 ? ": parameters or filters found nothing" : ""}${exported === undefined ? "" : `; all written to a ${input.file} file`}.`,
      result: {
        run: shownRun(run),
        rows_total: total,
        analysed_rows: analysis.rows,
        columns,
        ...(change === undefined ? {} : { since_previous_run: change }),
        offset,
        rows: fitted,
        ...(offset + fitted.length < total ? { next_offset: offset + fitted.length } : {}),
        ...(fitted.length < shown.length ? { cut: `${fitted.length} of ${shown.length} rows fit` } : {}),
        ...(exported === undefined ? {} : { file: exported }),
        ...(first.outputs.length === 0 ? {} : { further_outputs: first.outputs }),
        read_here: `${accesses} time(s) by this server`,
        limits: [
          "Values are aggregates under the room's privacy settings; do not try to take them apart.",
          "The platform does not say who read a result; read_here counts this server's reads.",
        ],
      },
      next:
        total === 0
          ? [
              {
                tool: "troubleshoot_issues",
                why: "find out why there are no rows",
                arguments: {
                  run: run.id,
                  ...(input.question === undefined ? {} : { question: input.question }),
                },
              },
            ]
          : [],
    });
  },
});

async function chosenRun(work: Work<Input>): Promise<{ run: Run; previous: Run | undefined }> {
  const { input, habu, services } = work;
  if (input.run !== undefined && isUuid(input.run)) {
    const { run, nextCheckAt } = await watchRun(habu, services, input.run.trim());
    if (run.status !== "COMPLETED") throw notComplete(run, nextCheckAt);
    const previous = input.question === undefined ? undefined : await before(work, run);
    return { run, previous };
  }
  if (input.question === undefined) {
    throw new ToolError("VALIDATION_ERROR", "Give a run id, or a question for its latest complete run.", {
      hint: "Runs are listed by monitor_cleanroom_status and execute_question_workflow.",
    });
  }
  const question = await findQuestion(habu, input.question, input.cleanroom);
  const { runs } = await listRuns(habu, question.id);
  const complete = runs.filter(({ status }) => status === "COMPLETED");
  const at = input.run === undefined ? 0 : complete.findIndex(({ name }) => name === input.run);
  const run = complete[at];
  if (run === undefined) {
    const failed = runs.filter(({ status }) => hasFailed(status)).length;
    throw new ToolError(
      "NOT_FOUND",
      input.run === undefined
        ? "The question has no complete run."
        : "The question has no complete run of this name.",
      {
        hint: runs.some(({ status }) => !isOver(status))
          ? "One is running; look again later."
          : "Run it with execute_question_workflow.",
        details: {
          reason: "NO_RESULT",
          runs: runs.length,
          failed,
          names: complete.slice(0, 5).map(({ name }) => name.slice(0, 60)),
        },
      },
    );
  }
  if (input.run === undefined) work.assume(`the latest complete run, ${run.submittedAt ?? ""}`);
  return { run, previous: complete[at + 1] };
}

async function before(work: Work<Input>, run: Run): Promise<Run | undefined> {
  const question = await findQuestion(work.habu, work.input.question ?? "", work.input.cleanroom);
  const complete = (await listRuns(work.habu, question.id)).runs.filter(
    ({ status }) => status === "COMPLETED",
  );
  return complete[complete.findIndex(({ id }) => id === run.id) + 1];
}

async function compared(
  work: Work<Input>,
  columns: readonly ColumnSummary[],
  total: number,
  analysed: number,
  previous: Run,
) {
  const { habu } = work;
  const oldTotal = await countRows(habu, previous.id);
  const old = await readRows(habu, previous.id, 0, Math.min(sampleRows, Math.max(1, oldTotal)));
  const analysis = createAnalysis(old.columns);
  analysis.add(old.rows);
  // Sums of parts cannot be compared.
  const whole = analysed >= total && analysis.rows >= oldTotal;
  return {
    run: previous.id,
    submitted: previous.submittedAt,
    ...compare(whole ? columns : [], whole ? analysis.columns() : [], [total, oldTotal]),
  };
}

async function writeFile(
  work: Work<Input>,
  run: Run,
  total: number,
  first: Table,
  analysis: ReturnType<typeof createAnalysis>,
) {
  const { input, services } = work;
  if (services.readOnly)
    throw new ToolError("PERMISSION_DENIED", "This server runs read-only and writes no files.", {
      hint: "Page through the rows with offset instead.",
      details: { reason: "READ_ONLY" },
    });
  const format = input.file ?? "csv";
  const habu = services.habu.session({
    signal: work.habu.signal,
    requestId: work.habu.requestId,
    budget: exportBudget,
  });
  async function* pages() {
    for await (const rows of rowPages(habu, run.id, total, (done) =>
      work.progress(done, total, "Writing rows"),
    )) {
      analysis.add(rows);
      yield rows;
    }
  }
  return exportFile({
    folder: services.exportDir,
    name: input.file_name ?? `run-${run.id.slice(0, 8)}-${services.clock.now()}`,
    format,
    columns: first.columns,
    pages: pages(),
  });
}

/** Rows that fit the space a reply has. */
function fit(rows: readonly Row[]): Row[] {
  let used = 0;
  return rows.filter((row) => {
    used += JSON.stringify(row).length;
    return used <= rowBudget;
  });
}

function notComplete(run: Run, nextCheckAt: number | undefined): ToolError {
  if (hasFailed(run.status)) {
    return new ToolError(
      "CONFLICT",
      `The run ended as ${run.status}: ${(run.failureReason ?? "no reason given").slice(0, 200)}.`,
      { hint: "Ask troubleshoot_issues for the cause.", details: { reason: "RUN_FAILED" } },
    );
  }
  return new ToolError("CONFLICT", `The run is ${run.status}; it has no results yet.`, {
    hint:
      nextCheckAt === undefined
        ? "Look again later."
        : `Look again after ${new Date(nextCheckAt).toISOString()}.`,
    details: { reason: "NOT_READY" },
  });
}
