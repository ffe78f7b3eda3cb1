import { permissionWords, readPermissions, setPermissions } from "../habu/permissions.ts";
import { findQuestion, listRoomQuestions } from "../habu/questions.ts";
import type { Room } from "../habu/rooms.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";
import { record } from "./record.ts";

export async function changeQuestion(work: Work<Input>, room: Room) {
  const { input, habu } = work;
  const questions = await listRoomQuestions(habu, room.id);
  if (input.question === undefined)
    return work.ask([
      {
        field: "question",
        why: "Whose permissions.",
        candidates: questions.map(({ name }) => name).slice(0, 30),
      },
    ]);
  const question = await findQuestion(habu, input.question, input.cleanroom);
  const before = await readPermissions(habu, question.id);
  const wanted = input.permissions ?? {};
  const changes = Object.entries(wanted).filter(([word, access]) => before[word] !== access);
  if (input.permissions === undefined)
    return work.ask(
      [
        {
          field: "permissions",
          why: "Which to change, each to owner or partners.",
          candidates: [...permissionWords],
        },
      ],
      { now: before },
    );
  if (changes.length === 0)
    return work.end({ summary: "Nothing to change.", result: { permissions: before } });
  const stop = await work.plan(
    changes.map(([word, access]) => ({
      step: "set permission",
      what: `${question.displayId} ${word}: ${before[word] ?? "unset"} to ${access}`,
      effect: access === "partners" ? "every partner of the room gets it" : "partners lose it",
    })),
    { before },
  );
  if (stop !== undefined) return stop;
  const different = await work.step("permissions", "permissions", async () => ({
    value: await setPermissions(habu, question.id, Object.fromEntries(changes)),
  }));
  const after = await readPermissions(habu, question.id, { fresh: true });
  record(work, room, question.displayId, before, after);
  if (different.length > 0) work.warn(`Read back differently: ${different.join(", ")}`);
  return work.end({
    summary: `${changes.length} permission(s) of ${question.displayId} ${different.length === 0 ? "changed and read back" : "sent"}.`,
    result: { before, after },
  });
}
