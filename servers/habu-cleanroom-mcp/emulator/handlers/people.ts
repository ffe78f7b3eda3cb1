import { uuidOf } from "../random.ts";
import type { Invitation, Member, Room } from "../world.ts";
import { type Ask, administeredRoom, type Handlers, pageOf, refuse, timeAudit } from "./handler.ts";

export const roles = ["Administrator", "Viewer", "Partner Administrator", "Partner Viewer"] as const;
const roleId = (name: string): string => uuidOf("role", name);

export const peopleHandlers: Handlers = {
  listPartnerInvitationsForInviter: (ask) => {
    const room = administeredRoom(ask);
    return room.invitations.map((one) => invitation(one, room, ask));
  },

  addCleanroomPartner(ask) {
    const room = administeredRoom(ask);
    const email = ask.body.partnerAdminEmail;
    if (typeof email !== "string" || !email.includes("@"))
      refuse(400, "partnerAdminEmail is not an e-mail address.");
    const made: Invitation = {
      id: ask.world.nextId("invitation"),
      email,
      note: ask.body.invitationNote ?? "You are invited.",
      status: "PENDING",
      createdAt: ask.now,
    };
    room.invitations.push(made);
    return invitation(made, room, ask);
  },

  cancelPartnerInvitationByEmail: (ask) => {
    const room = administeredRoom(ask);
    return cancel(ask, room, (one) => one.email === ask.query.partnerEmail);
  },

  cancelPartnerInvitationById: (ask) => {
    const room = administeredRoom(ask);
    return cancel(ask, room, (one) => one.id === ask.path.invitationId);
  },

  getAllCleanroomPartners: (ask) => {
    const room = administeredRoom(ask);
    return room.partners.map((partner) => shownPartner(partner, room));
  },

  getCleanroomPartnerById: (ask) => shownPartner(partnerOf(ask), administeredRoom(ask)),

  deleteCleanroomPartner(ask) {
    const room = administeredRoom(ask);
    room.partners.splice(room.partners.indexOf(partnerOf(ask)), 1);
    return { success: true };
  },

  deleteCleanroomPartnerUser(ask) {
    const partner = partnerOf(ask);
    const at = partner.members.findIndex((one) => one.person.id === ask.path.cleanroomUserId);
    if (at < 0) refuse(404, "User not found.");
    partner.members.splice(at, 1);
    return { success: true };
  },

  updateCleanroomPartnerUserRole(ask) {
    const member =
      partnerOf(ask).members.find((one) => one.person.id === ask.path.cleanroomUserId) ??
      refuse(404, "User not found.");
    if (member.role === "Partner Administrator")
      refuse(400, "The role of an administrator cannot be changed.");
    member.role = roleNamed(ask);
    return shownMember(member, administeredRoom(ask));
  },

  getCleanroomRoles: (ask) => roles.map((name) => shownRole(name, administeredRoom(ask))),

  getCleanroomUsers: (ask) => {
    const room = administeredRoom(ask);
    const wanted = ask.query.cleanroomUserEmail;
    return room.members
      .filter(({ person }) => wanted === undefined || person.email === wanted)
      .map((member) => shownMember(member, room));
  },

  addCleanroomUser(ask) {
    const room = administeredRoom(ask);
    const { email, role } = ask.body;
    const user =
      ask.world.users.find(({ person }) => person.email === email) ??
      refuse(404, "No such user in the organisation.");
    if (room.members.some(({ person }) => person.email === email))
      refuse(409, "The user is a member already.");
    if (!roles.includes(role)) refuse(400, "Unknown role.");
    const member: Member = { id: ask.world.nextId("member"), person: user.person, role };
    room.members.push(member);
    return shownMember(member, room);
  },

  deleteCleanroomUser(ask) {
    const room = administeredRoom(ask);
    const at = room.members.findIndex((one) => one.person.id === ask.path.cleanroomUserId);
    if (at < 0) refuse(404, "User not found.");
    room.members.splice(at, 1);
    return { success: true };
  },

  updateCleanroomUserRole(ask) {
    const room = administeredRoom(ask);
    const member =
      room.members.find((one) => one.person.id === ask.path.cleanroomUserId) ??
      refuse(404, "User not found.");
    member.role = roleNamed(ask);
    return shownMember(member, room);
  },

  getAllOrganizationUsers: ({ world, query }) =>
    pageOf(world.users, query, 500).map(({ person, role }) => ({ roleName: role, user: { ...person } })),
};

function cancel(ask: Ask, room: Room, fits: (one: Invitation) => boolean) {
  const found = room.invitations.find((one) => fits(one)) ?? refuse(404, "Invitation not found.");
  if (found.status === "ACCEPTED") refuse(400, "An accepted invitation cannot be cancelled.");
  room.invitations.splice(room.invitations.indexOf(found), 1);
  return invitation(found, room, ask);
}

function invitation(one: Invitation, room: Room, { world }: Ask) {
  return {
    id: one.id,
    organizationId: world.organisation.id,
    cleanRoomId: room.id,
    invitationNote: one.note,
    partnerAdminEmail: one.email,
    InvitorEmail: world.users[0]?.person.email ?? "",
    Status: one.status,
    timeAudit: timeAudit(one.createdAt),
  };
}

function partnerOf(ask: Ask) {
  const room = administeredRoom(ask);
  return (
    room.partners.find((one) => one.id === ask.path.cleanroomPartnerId) ?? refuse(404, "Partner not found.")
  );
}

function shownPartner(partner: Room["partners"][number], room: Room) {
  return {
    id: partner.id,
    partnerOrganizationId: partner.organisation.id,
    name: partner.organisation.name,
    userCount: partner.members.length,
    cleanRoomUsers: partner.members.map((member) => shownMember(member, room)),
  };
}

function shownMember(member: Member, room: Room) {
  return {
    id: member.id,
    cleanRoomId: room.id,
    user: { ...member.person },
    role: shownRole(member.role, room),
  };
}

function shownRole(name: string, room: Room) {
  return { id: roleId(name), name, cleanRoomId: room.id };
}

function roleNamed({ path }: Ask): string {
  return roles.find((name) => roleId(name) === path.cleanRoomRoleId) ?? refuse(404, "Role not found.");
}
