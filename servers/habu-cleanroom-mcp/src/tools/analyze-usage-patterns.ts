import { z } from "zod";
import { listBindings } from "../habu/bindings.ts";
import { collect } from "../habu/collect.ts";
import { findRoom } from "../habu/rooms.ts";
import { durations } from "../habu/runs.ts";
import { runStatistics, sinceDay } from "../habu/statistics.ts";
import { type SurveyedQuestion, surveyRuns } from "../habu/survey.ts";
import { visible } from "../habu/visible.ts";
import { days, reference } from "../workflow/fields.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";

export const analyzeUsagePatterns = workflowTool({
  name: "analyze_usage_patterns",
  title: "Usage patterns",
  description:
    "Shows use of questions, datasets and partners, trends, run minutes as cost estimate, savings. Computed only from listed runs.",
  group: "operations",
  kind: "read",
  needs: ["getAllCleanrooms"],
  uses: [
    "getAllCleanrooms",
    "getAllCleanroomQuestions",
    "getAllCleanroomQuestionRuns",
    "getAllCleanroomQuestionDatasets",
  ],
  input: { days, cleanroom: reference.optional(), max_rooms: z.int().min(1).max(60).optional() },
  words: { days: "30", cleanroom: "id or name", max_rooms: "30" },
  timeoutMs: 180_000,
  async run(work) {
    const { input, habu, services } = work;
    const period = input.days ?? 30;
    if (input.days === undefined) work.assume("30 days, against the 30 before");
    const only = input.cleanroom === undefined ? undefined : await findRoom(habu, input.cleanroom);
    const now = services.clock.now();
    const survey = await surveyRuns(habu, {
      since: sinceDay(now, 2 * period),
      maxRooms: input.max_rooms ?? 30,
      reserve: 40,
      ...(only === undefined ? {} : { only }),
      onProgress: (done, total) => work.progress(done, total, "Reading runs"),
    });
    const edge = now - period * 86_400_000;
    const usage = survey.entries.map((entry) => usageOf(entry, edge)).sort((a, b) => b.runs - a.runs);
    const recent = survey.entries
      .flatMap(({ runs }) => runs)
      .filter((run) => Date.parse(run.submittedAt ?? "") >= edge);
    const statistics = runStatistics(recent);

    const unseen: string[] = [];
    const busiest = usage.filter(({ runs }) => runs > 0).slice(0, Math.max(0, Math.min(20, habu.spent.left)));
    const bound = await collect(busiest, async (one) => ({
      one,
      bindings:
        (await visible(`datasets of ${one.display_id}`, () => listBindings(habu, one.id), unseen)) ?? [],
    }));
    const datasets = tally(
      bound.flatMap(({ one, bindings }) =>
        bindings
          .filter(({ datasetName }) => datasetName !== "")
          .map(({ datasetName }) => [datasetName, one.runs] as const),
      ),
    );
    const organisations = tally(
      bound.flatMap(({ one, bindings }) =>
        [...new Set(bindings.map(({ organisationName }) => organisationName))]
          .filter((name) => name !== "")
          .map((name) => [name, one.runs] as const),
      ),
    );
    const minutes = Math.round(usage.reduce((sum, one) => sum + one.run_minutes, 0));
    const idle = usage.filter(({ runs, status }) => runs === 0 && status === "READY");
    const repeats = survey.entries.flatMap(({ question, runs }) =>
      repeated(runs.filter((run) => Date.parse(run.submittedAt ?? "") >= edge)).map((count) => ({
        question: question.displayId,
        count,
      })),
    );
    const wasted = Math.round(
      survey.entries
        .flatMap(({ runs }) => runs)
        .filter((run) => run.status !== "COMPLETED" && Date.parse(run.submittedAt ?? "") >= edge).length,
    );
    const savings = [
      ...repeats
        .slice(0, 5)
        .map(
          ({ question, count }) =>
            `${question}: ${count} runs in a day had the same parameters; reuse the first result.`,
        ),
      ...(wasted > 0
        ? [`${wasted} run(s) ended without a result; mend their cause before running again.`]
        : []),
      ...(idle.length > 0
        ? [`${idle.length} ready question(s) were not used; consider taking them out.`]
        : []),
    ];
    const trending = usage
      .filter(({ change }) => change > 0)
      .sort((a, b) => b.change - a.change)
      .slice(0, 5);
    return work.end({
      summary: `${recent.length} run(s) of ${usage.filter(({ runs }) => runs > 0).length} question(s) in ${period} days, ${minutes} run minutes${statistics.success_rate === undefined ? "" : `, ${statistics.success_rate} % successful`}.`,
      result: {
        executive_summary: [
          `${survey.rooms.length} clean room(s); ${usage.filter(({ runs }) => runs > 0).length} of ${usage.length} questions were used.`,
          ...(trending[0] === undefined
            ? ["No question was used more than in the period before."]
            : [
                `Most growth: ${trending[0].name} (${trending[0].runs} runs, ${trending[0].runs_before} before).`,
              ]),
          ...(savings.length === 0
            ? ["No savings stand out."]
            : [`${savings.length} way(s) to save are listed.`]),
        ],
        runs: statistics,
        questions: usage.slice(0, 20),
        trending: trending.map(({ display_id, name, runs, runs_before }) => ({
          display_id,
          name,
          runs,
          runs_before,
        })),
        datasets: datasets.slice(0, 10),
        partners: organisations.slice(0, 10),
        cost_estimate: {
          run_minutes: minutes,
          note: "An estimate: the platform shows no cost. Minutes from submission to end of complete runs.",
        },
        savings,
        coverage: [...survey.coverage, `datasets of the ${busiest.length} most used question(s) were read`],
        ...(unseen.length === 0 ? {} : { not_visible: unseen.slice(0, 10) }),
      },
    });
  },
});

function usageOf({ question, room, runs }: SurveyedQuestion, edge: number) {
  const now = runs.filter((run) => Date.parse(run.submittedAt ?? "") >= edge);
  const before = runs.length - now.length;
  return {
    id: question.id,
    display_id: question.displayId,
    name: question.name,
    room: room.displayId,
    status: question.status,
    runs: now.length,
    runs_before: before,
    change: now.length - before,
    run_minutes: Math.round(durations(now).reduce((sum, ms) => sum + ms, 0) / 60_000),
  };
}

function tally(pairs: readonly (readonly [string, number])[]) {
  const sums = new Map<string, number>();
  for (const [name, runs] of pairs) sums.set(name, (sums.get(name) ?? 0) + runs);
  return [...sums].map(([name, runs]) => ({ name, runs })).sort((a, b) => b.runs - a.runs);
}

/** How often a day saw the same parameters more than once. */
function repeated(
  runs: readonly {
    readonly submittedAt: string | undefined;
    readonly parameters: Readonly<Record<string, string>>;
  }[],
): number[] {
  const seen = new Map<string, number>();
  for (const { submittedAt, parameters } of runs) {
    const key = JSON.stringify([submittedAt?.slice(0, 10), Object.entries(parameters).sort()]);
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return [...seen.values()].filter((count) => count > 1);
}
