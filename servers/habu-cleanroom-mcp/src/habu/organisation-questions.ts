import type { Habu } from "../client/habu-client.ts";
import type { Received } from "../contract/types.ts";
import { allQuestions } from "./questions.ts";
import { isUuid, type Named, resolve } from "./resolve.ts";

/** A question of the organisation, which rooms take in. */
export interface OrganisationQuestion extends Named {
  readonly details: Received<"QuestionDetails"> | undefined;
}

/**
 * By id, or by the name or room-question display id under which any visible room has it: the platform cannot list
 * an organisation's questions.
 */
export async function findOrganisationQuestion(habu: Habu, typed: string): Promise<OrganisationQuestion> {
  if (isUuid(typed)) return readOrganisationQuestion(habu, typed.trim());
  const known = new Map<string, Named & { displayId: string }>();
  for (const { questionId, name, displayId } of await allQuestions(habu)) {
    if (questionId !== "") known.set(questionId, { id: questionId, name, displayId });
  }
  const found = resolve("question", typed, [...known.values()]);
  return { ...found, details: undefined };
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
