import { ToolError } from "@mcp-data/core";
import { type MacroNeed, needsOf } from "../habu/assignment.ts";
import { findOrganisationQuestion, readOrganisationQuestion } from "../habu/organisation-questions.ts";
import { listRoomQuestions } from "../habu/questions.ts";
import type { Room } from "../habu/rooms.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function detailed(work: Work<Input>, typed: string, room: Room) {
  const found = await findOrganisationQuestion(work.habu, typed).catch(async (error: unknown) => {
    // A display id of a question in this room names its organisation question.
    const here = (await listRoomQuestions(work.habu, room.id)).find(
      ({ displayId, id }) => displayId.toLowerCase() === typed.toLowerCase() || id === typed,
    );
    if (here === undefined) throw error;
    return { id: here.questionId, name: here.name, details: undefined };
  });
  const { details } =
    found.details === undefined ? await readOrganisationQuestion(work.habu, found.id) : found;
  return { id: found.id, name: found.name, needs: needsOf(details) };
}

export function needsOfNew({ create }: Input): MacroNeed[] {
  return Object.entries(create?.macros ?? {}).map(([macro, { type, fields }]) => {
    if (create?.sql.includes(`@${macro}`) !== true) {
      throw new ToolError("VALIDATION_ERROR", `The SQL does not use @${macro.slice(0, 60)}.`, {
        hint: "Macros are case-sensitive and stand in the SQL with an @.",
      });
    }
    return { macro, dataType: type, fields: Object.keys(fields) };
  });
}
