import { listBindings } from "../habu/bindings.ts";
import { listParameters } from "../habu/parameters.ts";
import { readPermissions } from "../habu/permissions.ts";
import { readQuestion, shownQuestion } from "../habu/questions.ts";
import type { Room } from "../habu/rooms.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function summary(work: Work<Input>, room: Room, id: string, us: string | undefined) {
  const { habu } = work;
  const question = await readQuestion(habu, id, { fresh: true });
  const bindings = await listBindings(habu, id, { fresh: true });
  const open = bindings.filter(({ datasetId }) => datasetId === "");
  const parameters = await listParameters(habu, id);
  const ready = question.status === "READY";
  return work.end({
    summary: ready
      ? `${question.displayId} is READY in ${room.displayId}.`
      : `${question.displayId} is in ${room.displayId} but ${question.status}: ${open.map(({ macro, organisationName }) => `@${macro} waits for ${organisationName || "an owner"}`).join("; ")}.`,
    result: {
      question: shownQuestion(question),
      datasets: bindings.map(({ macro, datasetName, organisationName, fields }) => ({
        macro,
        dataset: datasetName,
        organisation: organisationName,
        fields: Object.fromEntries(fields.map(({ name, value }) => [name, value])),
      })),
      waiting_for: open.map(({ macro, organisationName }) => ({
        macro,
        organisation: organisationName,
        who: organisationName === us ? "us" : "the partner, in the console",
      })),
      run_parameters: parameters.map(({ name, type, kind, allowed, defaultValue }) => ({
        name,
        type,
        kind,
        allowed,
        default: defaultValue,
      })),
      permissions: await readPermissions(habu, id),
      limits: [
        "Permissions are for the owner or for all partners; the platform has none for a single partner.",
      ],
    },
    next: ready
      ? [
          {
            tool: "execute_question_workflow",
            why: "run it",
            arguments: { question: question.displayId, cleanroom: room.displayId },
          },
        ]
      : [],
  });
}
