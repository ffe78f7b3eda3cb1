import { listDatasets } from "../habu/bindings.ts";
import { collect } from "../habu/collect.ts";
import { listMembers, listPartners } from "../habu/people.ts";
import { readPermissions } from "../habu/permissions.ts";
import { listRoomQuestions } from "../habu/questions.ts";
import type { Room } from "../habu/rooms.ts";
import { visible } from "../habu/visible.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function report(work: Work<Input>, room: Room) {
  const { habu } = work;
  const unseen: string[] = [];
  const questions = (await listRoomQuestions(habu, room.id)).slice(0, 40);
  const permissions = await collect(questions, async ({ id, displayId, name }) => ({
    question: displayId,
    name,
    permissions: await readPermissions(habu, id),
  }));
  const members = await visible("users", () => listMembers(habu, room.id), unseen);
  const partners = await visible("partners", () => listPartners(habu, room.id), unseen);
  const datasets = await visible("datasets", () => listDatasets(habu, room.id), unseen);
  const open = permissions.filter(
    (one) => one.permissions.VIEW_CODE === "partners" || one.permissions.EDIT === "partners",
  );
  return work.end({
    summary: `${questions.length} question(s), ${members?.length ?? "?"} own user(s), ${partners?.length ?? "?"} partner(s) in ${room.displayId}; ${open.length} question(s) show code or allow edits to partners.`,
    result: {
      questions: permissions,
      users: members?.map(({ email: mail, role }) => ({ email: mail, role })),
      partners: partners?.map(({ name, members: people }) => ({
        name,
        users: people.map(({ email: mail, role }) => ({ email: mail, role })),
      })),
      datasets: datasets?.map(({ name, partnerCanAssign, filters }) => ({
        name,
        partner_can_assign: partnerCanAssign,
        filters,
      })),
      attention: open.map(({ question }) => `${question}: partners may read or change the code`),
      ...(unseen.length === 0 ? {} : { not_visible: unseen }),
    },
  });
}

export function audit(work: Work<Input>, room: Room) {
  const entries = work.services.accessLog.recent(
    50,
    (entry) => entry.room === room.id && entry.what === "permission",
  );
  return work.end({
    summary: `${entries.length} permission change(s) made through this server.`,
    result: {
      changes: entries,
      limits: ["The platform has no audit log; changes made in the console are not here."],
    },
  });
}
