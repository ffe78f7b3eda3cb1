import { findQuestion } from "../habu/questions.ts";
import { changeExport } from "../sharing/change-export.ts";
import { exportTo } from "../sharing/create-export.ts";
import { exportsOf } from "../sharing/export-jobs.ts";
import { shape } from "../sharing/input.ts";
import { changeShares } from "../sharing/shares.ts";
import { show } from "../sharing/show.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";

export const shareResults = workflowTool({
  name: "share_results",
  title: "Share results",
  description:
    "Shows and changes which partners see a question's results, exports results to a destination, follows and pauses exports, and gives the audit trail. Whatever lets data out needs confirmation. The platform does not say who opened a result.",
  group: "collaboration",
  kind: "destructive",
  needs: [],
  uses: [
    ...([
      "getAllCleanrooms",
      "getAllCleanroomQuestions",
      "getCleanroomQuestionById",
      "getCleanroomById",
      "getAllCleanroomPartners",
      "getCleanroomQuestionResultShares",
    ] as const),
    ...([
      "upsertCleanRoomQuestionResultShares",
      "listDestinations",
      "listCleanroomDestinations",
      "provisionCleanroomDestinations",
      "getAllDataExportJobs",
    ] as const),
    ...(["createDataExportJobs", "getDataExportJobRuns", "changeJobStatus", "deleteDataExportJob"] as const),
  ],
  input: shape,
  words: {
    question: "id or name",
    cleanroom: "id or name",
    action: "action",
    partners: "names",
    destination: "id or name",
    export_settings: "{name: value}",
    job: "id or name",
  },
  async run(work) {
    const { input, habu } = work;
    const question = await findQuestion(habu, input.question, input.cleanroom);
    switch (input.action) {
      case "share":
      case "unshare":
        return changeShares(work, question);
      case "export":
        return exportTo(work, question);
      case "exports":
        return exportsOf(work, question);
      case "pause_export":
      case "resume_export":
      case "delete_export":
        return changeExport(work, question);
      case "show":
      case "audit":
        return show(work, question);
    }
  },
});
