import { findRoom } from "../habu/rooms.ts";
import { changeDataset } from "../permission/change-dataset.ts";
import { changeQuestion } from "../permission/change-question.ts";
import { changeUser } from "../permission/change-user.ts";
import { shape } from "../permission/input.ts";
import { audit, report } from "../permission/report.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";

export const managePermissions = workflowTool({
  name: "manage_permissions",
  title: "Permissions and roles",
  description:
    "Reports who may do what in a clean room, and changes permissions of a question, access to a dataset, and roles of users, with before and after kept for audit. Changes need confirmation. A permission is for the owner or all partners; the platform has none for a single partner.",
  group: "collaboration",
  kind: "destructive",
  needs: [],
  uses: [
    ...([
      "getAllCleanrooms",
      "getAllCleanroomQuestions",
      "getCleanroomQuestionById",
      "getCleanroomQuestionPermissions",
      "configureCleanRoomQuestionPermissions",
      "getCleanroomDatasets",
      "getCleanroomDatasetById",
    ] as const),
    ...([
      "updateCleanroomDatasetPartnerAssignment",
      "updateCleanroomDatasetById",
      "getCleanroomUsers",
      "getCleanroomRoles",
      "getAllCleanroomPartners",
    ] as const),
    ...([
      "addCleanroomUser",
      "updateCleanroomUserRole",
      "deleteCleanroomUser",
      "updateCleanroomPartnerUserRole",
      "deleteCleanroomPartnerUser",
    ] as const),
  ],
  input: shape,
  words: {
    cleanroom: "id or name",
    action: "action",
    question: "id or name",
    permissions: "{VIEW_CODE|EDIT|CLONE|RUN|VIEW_RESULTS|DELETE: owner|partners}",
    dataset: "id or name",
    partner_can_assign: "boolean",
    filters: "[{field, operator, values}]",
    user: "e-mail",
    role: "name",
    remove: "boolean",
  },
  async run(work) {
    const room = await findRoom(work.habu, work.input.cleanroom);
    switch (work.input.action) {
      case "report":
        return report(work, room);
      case "audit":
        return audit(work, room);
      case "question":
        return changeQuestion(work, room);
      case "dataset":
        return changeDataset(work, room);
      case "user":
        return changeUser(work, room);
    }
  },
});
