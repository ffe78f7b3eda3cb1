import type { ToSend } from "../contract/types.ts";
import { listDatasets } from "../habu/bindings.ts";
import { listInvitations } from "../habu/people.ts";
import { listRoomQuestions } from "../habu/questions.ts";
import { readRoom, shownRoom } from "../habu/rooms.ts";
import { visible } from "../habu/visible.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function summary(work: Work<Input>, roomId: string, body: ToSend<"CleanRoomRequest">) {
  const { habu } = work;
  const unseen: string[] = [];
  const room = await readRoom(habu, roomId);
  const invitations = await visible("invitations", () => listInvitations(habu, roomId), unseen);
  const datasets = await visible("datasets", () => listDatasets(habu, roomId), unseen);
  const questions = await listRoomQuestions(habu, roomId);
  const missing = questions.filter(({ status }) => status !== "READY");
  return work.end({
    summary: `Clean room ${room.displayId} exists with ${datasets?.length ?? 0} dataset(s), ${questions.length} question(s) and ${invitations?.length ?? 0} invitation(s).`,
    result: {
      cleanroom: shownRoom(room),
      sent_settings: body.parameters,
      invitations: invitations?.map(({ email: to, status }) => ({ email: to, status })),
      datasets: datasets?.map(({ id, name }) => ({ id, name })),
      questions: questions.map(({ id, displayId, name, status }) => ({
        id,
        display_id: displayId,
        name,
        status,
      })),
      ...(unseen.length === 0 ? {} : { not_visible: unseen }),
      limits: [
        "Region, cloud and privacy settings cannot be read back from the platform; sent_settings is what was sent.",
      ],
    },
    next: [
      ...missing.slice(0, 3).map(({ displayId }) => ({
        tool: "deploy_analytics_question",
        why: "its datasets are not assigned yet",
        arguments: { cleanroom: room.displayId, question: displayId },
      })),
      ...(invitations?.some(({ status }) => status === "PENDING")
        ? [
            {
              tool: "onboard_partner",
              why: "follow the open invitations",
              arguments: { cleanroom: room.displayId },
            },
          ]
        : []),
      ...(questions.length === 0
        ? [
            {
              tool: "deploy_analytics_question",
              why: "the room has no question yet",
              arguments: { cleanroom: room.displayId },
            },
          ]
        : []),
    ],
  });
}
