import { isToolError } from "@mcp-data/core";
import type { Habu } from "../client/habu-client.ts";
import type { Received } from "../contract/types.ts";
import { allQuestions } from "./questions.ts";
import { isUuid, matching, type Named, resolve } from "./resolve.ts";

/** A question of the organisation, which rooms take in. */
export interface OrganisationQuestion extends Named {
  readonly details: Received<"QuestionDetails"> | undefined;
}

/**
 * By its id, or by the name, display id or id it has in any visible room: the platform cannot list an organisation's
 * questions.
 */
export async function findOrganisationQuestion(habu: Habu, typed: string): Promise<OrganisationQuestion> {
  if (isUuid(typed)) {
    const own = await readOrganisationQuestion(habu, typed.trim()).catch(unlessUnknown);
    if (own !== undefined) return own;
  }
  const inRooms = (await allQuestions(habu)).filter(({ questionId }) => questionId !== "");
  const named = matching(typed, inRooms);
  const known = new Map(
    (named.length > 0 ? named : inRooms).map(({ questionId, name, displayId }) => [
      questionId,
      { id: questionId, name, displayId },
    ]),
  );
  const [only] = known.values();
  // Each room gives the same question another display id.
  const found =
    named.length > 0 && known.size === 1 && only !== undefined
      ? only
      : resolve("question", typed, [...known.values()]);
  return { ...found, details: undefined };
}

/** It may be the id a room has for it. */
function unlessUnknown(error: unknown): undefined {
  if (!isToolError(error) || error.code !== "NOT_FOUND") throw error;
}

export async function readOrganisationQuestion(habu: Habu, id: string): Promise<OrganisationQuestion> {
  const given = await habu.call("getQuestionDetails", { path: { questionID: id } });
  return {
    id,
    name: given.questionDetails?.title ?? id,
    displayId: given.questionDetails?.displayId,
    details: given.questionDetails,
  };
}
