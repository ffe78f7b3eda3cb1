import { ToolError } from "@mcp-data/core";
import { findQuestion } from "../habu/questions.ts";
import { resolve } from "../habu/resolve.ts";
import { findConflicts, listSchedules, shownSchedule } from "../habu/schedules.ts";
import { conflicts } from "../schedule/conflicts.ts";
import { create, restore } from "../schedule/create.ts";
import { end } from "../schedule/end.ts";
import { history } from "../schedule/history.ts";
import { shape } from "../schedule/input.ts";
import { update } from "../schedule/update.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";

export const manageQuestionSchedules = workflowTool({
  name: "manage_question_schedules",
  title: "Schedule a question",
  description:
    "Lists, creates, changes, pauses, restores or deletes recurring runs, shows history and conflicts. Dates may move: today-7d, today-1m.",
  group: "questions",
  kind: "destructive",
  needs: ["createCleanroomQuestionRunSchedule"],
  uses: [
    ...([
      "getAllCleanrooms",
      "getAllCleanroomQuestions",
      "getCleanroomQuestionById",
      "getCleanroomQuestionRunSchedules",
      "getCleanroomQuestionParameters",
    ] as const),
    ...([
      "patchCleanroomQuestionRunScheduleById",
      "deleteCleanroomQuestionRunScheduleById",
      "getAllCleanroomQuestionRuns",
    ] as const),
  ],
  input: shape,
  words: {
    question: "id or name",
    cleanroom: "id or name",
    action: "action",
    schedule: "id or name",
    name: "name",
    frequency: "frequency",
    days: "[MON, …]",
    month_days: "[1, …]",
    start: "ISO time",
    end: "ISO time",
    parameters: "{name: text}",
  },
  async run(work) {
    const { input, habu } = work;
    const question = await findQuestion(habu, input.question, input.cleanroom);
    const known = await listSchedules(habu, question.id, {
      fresh: input.action !== "list" && input.action !== "history",
    });
    switch (input.action) {
      case "list":
        return work.end({
          summary: `${known.length} schedule(s) of ${question.displayId}.`,
          result: {
            schedules: known.map(shownSchedule),
            conflicts: findConflicts(
              known.map((schedule) => ({ question: question.id, schedule })),
              work.services.clock.now(),
            ),
          },
        });
      case "create":
        return create(work, question, known);
      case "restore":
        return restore(work, question, known);
      case "conflicts":
        return conflicts(work, question);
      case "history":
        return history(work, question, known);
      default: {
        if (known.length === 0)
          throw new ToolError("NOT_FOUND", `${question.displayId} has no schedule.`, {
            hint: "One is made with action create; one paused here comes back with restore.",
          });
        const chosen =
          input.schedule === undefined && known.length === 1
            ? known[0]
            : input.schedule === undefined
              ? undefined
              : resolve("schedule of this question", input.schedule, known);
        if (chosen === undefined)
          return work.ask([
            {
              field: "schedule",
              why: `Which one to ${input.action}.`,
              candidates: known.map(({ name }) => name),
            },
          ]);
        if (input.action === "update") return update(work, question, chosen);
        return end(work, question, chosen);
      }
    }
  },
});
