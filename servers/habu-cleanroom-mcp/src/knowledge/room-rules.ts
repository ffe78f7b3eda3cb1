import { listInvitations, listMembers, listPartners } from "../habu/people.ts";
import type { Room } from "../habu/rooms.ts";
import { visible } from "../habu/visible.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";

export async function judgeRoom({ habu, services }: Facts, room: Room): Promise<Finding[]> {
  const unseen: string[] = [];
  const members = await visible("users", () => listMembers(habu, room.id), unseen);
  const partners = await visible("partners", () => listPartners(habu, room.id), unseen);
  const invitations = await visible("invitations", () => listInvitations(habu, room.id), unseen);
  const findings: Finding[] = [];
  const add = (rule: string, severity: Finding["severity"], cause: string, evidence: string, fix: string) =>
    findings.push({ rule, severity, subject: room.displayId, cause, evidence, fix });
  if (members === undefined)
    add(
      "PERMISSION_ROOM",
      "high",
      "People and datasets of the room are refused: the API user is most likely not Administrator in it.",
      unseen.join("; "),
      "In the console open the room, Users, New User, and add the API user as Administrator.",
    );
  if (partners !== undefined && partners.length === 0)
    add("NO_PARTNER", "info", "No partner has joined.", "0 partners", "Invite one with onboard_partner.");
  for (const one of partners ?? [])
    if (one.members.length === 0)
      add(
        "PARTNER_WITHOUT_USERS",
        "medium",
        "A partner has no user in the room, so nobody can assign its datasets.",
        `partner ${one.name}`,
        "Ask the partner to add a user in the console.",
      );
  const old = (invitations ?? []).filter(
    ({ status, createdAt }) =>
      status === "PENDING" && services.clock.now() - Date.parse(createdAt ?? "") > 7 * 86_400_000,
  );
  if (old.length > 0)
    add(
      "INVITATION_OLD",
      "medium",
      "Invitations are unanswered for more than a week.",
      `${old.length} invitation(s)`,
      "Follow up, or re-invite with manage_cleanroom_lifecycle.",
    );
  if (room.endAt !== undefined && Date.parse(room.endAt) < services.clock.now())
    add(
      "ROOM_ENDED",
      "high",
      "The clean room's end has passed.",
      `end ${room.endAt}`,
      "Move its end with manage_cleanroom_lifecycle, action update.",
    );
  return findings;
}
