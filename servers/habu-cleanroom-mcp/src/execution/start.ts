import { createOnce } from "../client/settle.ts";
import type { RoomQuestion } from "../habu/questions.ts";
import { listRuns, runFrom } from "../habu/runs.ts";
import { withSlot } from "../habu/start-run.ts";
import { sinceDay } from "../habu/statistics.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

/** The name is unique, so that a run whose answer was lost can be recognised. */
export async function start(
  work: Work<Input>,
  question: RoomQuestion,
  parameters: Record<string, string>,
  retaken: boolean,
) {
  const { input, habu, services } = work;
  const name = `${input.name ?? question.name.slice(0, 60)} ${(await work.handle()).slice(-8)}`;
  const path = { cleanroomQuestionId: question.id };
  const find = async () => {
    const { runs } = await listRuns(habu, question.id, {
      since: sinceDay(services.clock.now(), 2),
      fresh: true,
    });
    const same = runs.find((run) => run.name === name);
    return same === undefined ? undefined : { id: same.id, name };
  };
  const found = retaken ? await find() : undefined;
  if (found !== undefined) return { value: found, state: "adopted" as const };
  const { value, adopted } = await createOnce({
    what: `the run "${name}"`,
    attempt: () =>
      withSlot(services.ledger, "question", async () => {
        const made = runFrom(
          await habu.call("createCleanroomQuestionRun", { path, body: { name, parameters } }),
        );
        // Its creation is the first look at it.
        const { parameters: _, ...kept } = made;
        await services.runBook.saw(made.id, kept, false);
        return { id: made.id, name };
      }),
    find,
  });
  return {
    value,
    state: adopted ? ("adopted" as const) : ("done" as const),
    detail: value.id,
    undo: "a run cannot be cancelled; its record can be deleted once it ended",
  };
}
