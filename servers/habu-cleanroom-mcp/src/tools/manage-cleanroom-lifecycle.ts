import { findRoom } from "../habu/rooms.ts";
import { deleteRoom } from "../lifecycle/delete.ts";
import { shape } from "../lifecycle/input.ts";
import { cancelInvitation, invitePartner, reinvite } from "../lifecycle/invitations.ts";
import { noSuch } from "../lifecycle/no-such.ts";
import { removePartner } from "../lifecycle/remove-partner.ts";
import { update } from "../lifecycle/update.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";

export const manageCleanroomLifecycle = workflowTool({
  name: "manage_cleanroom_lifecycle",
  title: "Change or end a clean room",
  description:
    "Renames, re-dates, closes or deletes a clean room; invites, removes or re-invites partners. What cannot be undone asks to confirm. There is no archive call: the substitute is named.",
  group: "workspace",
  kind: "destructive",
  needs: ["updateCleanroom"],
  uses: [
    ...([
      "getAllCleanrooms",
      "getCleanroomById",
      "getCleanroomTypes",
      "deleteCleanroom",
      "listPartnerInvitationsForInviter",
    ] as const),
    ...([
      "addCleanroomPartner",
      "cancelPartnerInvitationById",
      "getAllCleanroomPartners",
      "deleteCleanroomPartner",
    ] as const),
    ...(["getAllCleanroomQuestions", "getCleanroomDatasets", "getAllDataExportJobs"] as const),
  ],
  input: shape,
  words: {
    cleanroom: "id or name",
    action: "action",
    name: "new name",
    description: "new text",
    end: "date",
    partner: "e-mail or name",
  },
  async run(work) {
    const room = await findRoom(work.habu, work.input.cleanroom);
    switch (work.input.action) {
      case "update":
        return update(work, room, {});
      case "close":
        return update(work, room, { end: new Date(work.services.clock.now()).toISOString().slice(0, 10) });
      case "archive":
        throw noSuch(
          "archive a clean room",
          'Close it instead: action "close" sets its end to today. Whether that stops schedules is unverified.',
        );
      case "reactivate":
        throw noSuch(
          "change a clean room's status",
          'Move its end instead: action "update" with a later end.',
        );
      case "delete":
        return deleteRoom(work, room);
      case "invite":
        return invitePartner(work, room);
      case "reinvite":
        return reinvite(work, room);
      case "cancel_invitation":
        return cancelInvitation(work, room);
      case "remove_partner":
        return removePartner(work, room);
    }
  },
});
