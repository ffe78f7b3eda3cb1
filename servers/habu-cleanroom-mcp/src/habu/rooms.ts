import type { Habu } from "../client/habu-client.ts";
import type { Received } from "../contract/types.ts";
import { isUuid, type Named, resolveFresh } from "./resolve.ts";

export interface Room extends Named {
  readonly displayId: string;
  readonly description: string;
  readonly status: string;
  readonly startAt: string;
  /** Undefined when the room has no end. */
  readonly endAt: string | undefined;
  readonly partners: readonly string[];
  readonly typeId: string;
  readonly createdAt: string | undefined;
  readonly exportsEnabled: boolean | undefined;
}

const pageSize = 500;

export function roomFrom(given: Received<"CleanRoom">): Room {
  const exports = given.cleanRoomParameters?.ENABLE_EXPORT;
  return {
    id: given.id ?? "",
    displayId: given.displayId ?? "",
    name: given.name ?? "",
    description: given.description ?? "",
    status: given.status ?? "",
    startAt: given.startAt ?? "",
    endAt: given.endAt ? given.endAt : undefined,
    partners: given.partners ?? [],
    typeId: given.cleanRoomTypeId ?? "",
    createdAt: given.timeAudit?.createdAt,
    exportsEnabled: exports === undefined ? undefined : exports === "true",
  };
}

export async function listRooms(habu: Habu, options: { fresh?: boolean } = {}): Promise<Room[]> {
  const rooms: Room[] = [];
  for (let offset = 0; ; offset += pageSize) {
    const page = await habu.call("getAllCleanrooms", { query: { limit: pageSize, offset } }, options);
    rooms.push(...page.map(roomFrom));
    if (page.length < pageSize) return rooms;
  }
}

/** By id, display id (`CR-12`) or name. */
export async function findRoom(habu: Habu, typed: string): Promise<Room> {
  const rooms = await listRooms(habu);
  if (isUuid(typed) && !rooms.some(({ id }) => id === typed.trim().toLowerCase())) {
    return roomFrom(await habu.call("getCleanroomById", { path: { cleanroomId: typed.trim() } }));
  }
  return resolveFresh("clean room", typed, (fresh) => listRooms(habu, { fresh }));
}

export async function readRoom(habu: Habu, id: string): Promise<Room> {
  return roomFrom(await habu.call("getCleanroomById", { path: { cleanroomId: id } }, { fresh: true }));
}

export async function roomTypes(habu: Habu): Promise<{ id: string; name: string }[]> {
  const types = await habu.call("getCleanroomTypes", {});
  return types.map(({ id = "", name = "" }) => ({ id, name }));
}

export const shownRoom = ({ id, displayId, name, status, startAt, endAt, partners }: Room) => ({
  id,
  display_id: displayId,
  name,
  status,
  start: startAt,
  ...(endAt === undefined ? {} : { end: endAt }),
  partners,
});
