import type { Habu } from "../client/habu-client.ts";
import { bodyOrQuery } from "./body-or-query.ts";

export const permissionWords = ["VIEW_CODE", "EDIT", "CLONE", "RUN", "VIEW_RESULTS", "DELETE"] as const;
export type PermissionWord = (typeof permissionWords)[number];
/** There are no grants to single partners. */
export type Access = "owner" | "partners";

const sent = { owner: "QUESTION_OWNER_ONLY", partners: "ALL_CLEAN_ROOM_PARTNERS" } as const;

export async function readPermissions(
  habu: Habu,
  questionId: string,
  options: { fresh?: boolean } = {},
): Promise<Record<string, string>> {
  const given = await habu.call(
    "getCleanroomQuestionPermissions",
    { path: { cleanroomQuestionId: questionId } },
    options,
  );
  return Object.fromEntries(
    given.map(({ permission = "", access = "" }) => [
      permission,
      access === sent.partners ? "partners" : access === sent.owner ? "owner" : access,
    ]),
  );
}

/** Sets them and reads back; gives those that differ. */
export async function setPermissions(
  habu: Habu,
  questionId: string,
  wanted: Partial<Record<PermissionWord, Access>>,
): Promise<string[]> {
  const body = Object.entries(wanted).map(([permission, access]) => ({
    permission: permission as PermissionWord,
    access: sent[access],
  }));
  const path = { cleanroomQuestionId: questionId };
  await bodyOrQuery(
    () => habu.call("configureCleanRoomQuestionPermissions", { path, body }),
    () =>
      habu.call("configureCleanRoomQuestionPermissions", {
        path,
        query: { cleanroomQuestionPermissions: JSON.stringify(body) },
      }),
  );
  const seen = await readPermissions(habu, questionId, { fresh: true });
  return Object.entries(wanted).flatMap(([word, access]) => (seen[word] === access ? [] : [word]));
}
