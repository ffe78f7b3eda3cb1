import { ToolError } from "@mcp-data/core";
import type { Habu } from "../client/habu-client.ts";
import type { Received } from "../contract/types.ts";
import { collect } from "./collect.ts";
import { isUuid, matching, type Named, resolve, resolveFresh } from "./resolve.ts";
import { findRoom, listRooms } from "./rooms.ts";

/** A question inside a room. */
export interface RoomQuestion extends Named {
  readonly displayId: string;
  readonly roomId: string;
  /** The organisation's question behind it. */
  readonly questionId: string;
  readonly status: string;
  readonly type: string;
  readonly category: string;
  /** Macro to data type. */
  readonly dataTypes: Readonly<Record<string, string>>;
  readonly sql: string;
}

const pageSize = 500;
const maxRoomsSearched = 60;

function questionFrom(given: Received<"CleanRoomQuestion">): RoomQuestion {
  return {
    id: given.id ?? "",
    displayId: given.displayId ?? "",
    name: given.name ?? "",
    roomId: given.cleanroomId ?? "",
    questionId: given.questionId ?? "",
    status: given.status ?? "",
    type: given.questionType ?? "",
    category: given.category ?? "",
    dataTypes: given.dataTypes ?? {},
    sql: given.customerQueryTemplate ?? "",
  };
}

export async function listRoomQuestions(
  habu: Habu,
  roomId: string,
  options: { fresh?: boolean } = {},
): Promise<RoomQuestion[]> {
  const questions: RoomQuestion[] = [];
  for (let offset = 0; ; offset += pageSize) {
    const page = await habu.call(
      "getAllCleanroomQuestions",
      { path: { cleanroomId: roomId }, query: { limit: pageSize, offset } },
      options,
    );
    questions.push(...page.map((one) => ({ ...questionFrom(one), roomId: one.cleanroomId ?? roomId })));
    if (page.length < pageSize) return questions;
  }
}

export async function readQuestion(
  habu: Habu,
  id: string,
  options: { fresh?: boolean } = {},
): Promise<RoomQuestion> {
  return questionFrom(
    await habu.call("getCleanroomQuestionById", { path: { cleanroomQuestionId: id } }, options),
  );
}

/** By id, display id (`CRQ-12`) or name, in one room or, without one, in all. */
export async function findQuestion(
  habu: Habu,
  typed: string,
  room: string | undefined,
): Promise<RoomQuestion> {
  if (isUuid(typed)) return readQuestion(habu, typed.trim());
  if (room !== undefined) {
    const { id } = await findRoom(habu, room);
    return resolveFresh("question of this clean room", typed, (fresh) =>
      listRoomQuestions(habu, id, { fresh }),
    );
  }
  const all = await allQuestions(habu);
  const found = matching(typed, all);
  if (found.length > 1 && new Set(found.map(({ roomId }) => roomId)).size > 1) {
    throw new ToolError(
      "AMBIGUOUS",
      `"${typed.slice(0, 80)}" is a question of ${found.length} clean rooms.`,
      {
        hint: "Name the clean room too, or use the question's display id.",
        details: {
          candidates: found.slice(0, 8).map(({ displayId, roomId }) => `${displayId} in room ${roomId}`),
        },
      },
    );
  }
  return resolve("question", typed, all);
}

/** There is no call that lists every question: the rooms are asked one by one. */
export async function allQuestions(habu: Habu): Promise<RoomQuestion[]> {
  const rooms = (await listRooms(habu)).slice(0, maxRoomsSearched);
  return (await collect(rooms, ({ id }) => listRoomQuestions(habu, id))).flat();
}

export const shownQuestion = ({ id, displayId, name, status, type, roomId }: RoomQuestion) => ({
  id,
  display_id: displayId,
  name,
  status,
  type,
  cleanroom_id: roomId,
});
