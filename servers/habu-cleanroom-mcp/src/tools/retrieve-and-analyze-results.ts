import { shownRun } from "../habu/runs.ts";
import { createAnalysis } from "../results/analysis.ts";
import { chosenRun } from "../results/choose-run.ts";
import { fit } from "../results/fit.ts";
import { shape } from "../results/input.ts";
import { compared, sampleRows } from "../results/since-previous.ts";
import { countRows, readRows } from "../results/table.ts";
import { writeFile } from "../results/write-file.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";

export const retrieveAndAnalyzeResults = workflowTool({
  name: "retrieve_and_analyze_results",
  title: "Read results",
  description:
    "Summarises a run's result, compares it with the run before, shows rows, writes all to a file. Takes a run, or a question for its latest.",
  group: "questions",
  kind: "read",
  files: ["file", "file_name"],
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
