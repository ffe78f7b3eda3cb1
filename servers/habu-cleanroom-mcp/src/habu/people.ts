import type { Habu } from "../client/habu-client.ts";
import type { Received } from "../contract/types.ts";
import type { Named } from "./resolve.ts";

export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly status: string;
  readonly createdAt: string | undefined;
}

export interface Member extends Named {
  /** The person's id, which the paths of users take. */
  readonly id: string;
  readonly email: string;
  readonly role: string;
}

export interface Partner extends Named {
  readonly organisationId: string;
  readonly members: readonly Member[];
}

/** Declared as one object, answered as a list: both are taken. */
export async function listInvitations(
  habu: Habu,
  roomId: string,
  options: { fresh?: boolean } = {},
): Promise<Invitation[]> {
  const given: unknown = await habu.call(
    "listPartnerInvitationsForInviter",
    { path: { cleanroomId: roomId } },
    options,
  );
  const list = (Array.isArray(given) ? given : [given]) as Received<"InvitationDetail">[];
  return list.filter(({ id }) => id !== undefined).map(invitationFrom);
}

export function invitationFrom(given: Received<"InvitationDetail">): Invitation {
  return {
    id: given.id ?? "",
    email: given.partnerAdminEmail ?? "",
    status: (given.Status ?? "INVITE_STATUS_UNKNOWN").toUpperCase(),
    createdAt: given.timeAudit?.createdAt,
  };
}

export async function listPartners(
  habu: Habu,
  roomId: string,
  options: { fresh?: boolean } = {},
): Promise<Partner[]> {
  const given = await habu.call("getAllCleanroomPartners", { path: { cleanroomId: roomId } }, options);
  return given.map((one) => ({
    id: one.id ?? "",
    name: one.name ?? "",
    organisationId: one.partnerOrganizationId ?? "",
    members: (one.cleanRoomUsers ?? []).map(memberFrom),
  }));
}

export async function listMembers(
  habu: Habu,
  roomId: string,
  options: { fresh?: boolean } = {},
): Promise<Member[]> {
  const given = await habu.call("getCleanroomUsers", { path: { cleanroomId: roomId } }, options);
  return given.map(memberFrom);
}

export async function listRoles(habu: Habu, roomId: string): Promise<Named[]> {
  const given = await habu.call("getCleanroomRoles", { path: { cleanroomId: roomId } });
  return given.map(({ id = "", name = "" }) => ({ id, name }));
}

export interface Stakeholder extends Named {
  readonly isOwner: boolean;
}

export async function listStakeholders(habu: Habu, roomId: string): Promise<Stakeholder[]> {
  const given = await habu.call("getCleanroomStakeholders", { path: { cleanroomId: roomId } });
  return given.map((one) => ({
    id: one.organizationId ?? "",
    name: one.organizationName ?? "",
    isOwner: (one.ownership ?? "").toUpperCase() === "OWNER",
  }));
}

function memberFrom(given: Received<"CleanRoomUser">): Member {
  const email = given.user?.email ?? "";
  return {
    id: given.user?.id ?? given.id ?? "",
    name: given.user?.name ?? email,
    email,
    role: given.role?.name ?? "",
  };
}

export const sameEmail = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();
