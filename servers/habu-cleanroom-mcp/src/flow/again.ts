import { ToolError } from "@mcp-data/core";
import { createOnce, repeatUntilKnown } from "../client/settle.ts";
import type { Room } from "../habu/rooms.ts";
import { withSlot } from "../habu/start-run.ts";
import type { Work } from "../workflow/work.ts";
import { follow } from "./follow.ts";
import type { Input } from "./input.ts";
import { findInAnyFlow } from "./runs.ts";

/** Goes on with a paused run, or runs one again. */
export async function again(work: Work<Input>, room: Room) {
  const { input } = work;
  if (input.run === undefined)
    throw new ToolError("VALIDATION_ERROR", `run is missing for ${input.action}.`, {
      hint: "Give the id of the flow run.",
    });
  return input.action === "continue" ? goOn(work, room, input.run) : replay(work, room, input.run);
}

async function goOn(work: Work<Input>, room: Room, run: string) {
  const { habu, services } = work;
  const path = { cleanroomId: room.id, cleanroomFlowRunId: run };
  const stop = await work.plan([{ step: "continue flow run", what: run }]);
  if (stop !== undefined) return stop;
  await work.step("continue", "continue flow run", async (retaken) => {
    await repeatUntilKnown(
      () => habu.call("resumeCleanroomFlowRun", { path, body: {} }).catch(refusedAgain(retaken)),
      async () => undefined,
    );
    // What was seen before, the pause, is over.
    await services.runBook.saw(run, { status: "RUNNING" }, false);
    return { value: run };
  });
  return follow(work, room, run);
}

/** A run that an earlier attempt let go on is paused no more. */
function refusedAgain(retaken: boolean) {
  return (error: unknown) => {
    if (retaken && error instanceof ToolError && error.details?.reason === "REJECTED") return undefined;
    throw error;
  };
}

async function replay(work: Work<Input>, room: Room, run: string) {
  const { habu, services } = work;
  const path = { cleanroomId: room.id, cleanroomFlowRunId: run };
  const stop = await work.plan([
    { step: "replay flow run", what: run, effect: "costs one of 20 flow runs an hour" },
  ]);
  if (stop !== undefined) return stop;
  const name = `replay ${(await work.handle()).slice(-8)}`;
  const find = () => findInAnyFlow(work, room, name);
  const made = await work.step("run", "flow run", async (retaken) => {
    const found = retaken ? await find() : undefined;
    if (found !== undefined) return { value: found, state: "adopted" as const };
    const { value, adopted } = await createOnce({
      what: `the flow run "${name}"`,
      attempt: async () => {
        const given = await withSlot(services.ledger, "flow", () =>
          habu.call("replayCleanroomFlowRun", { path, body: { name } }),
        );
        return { id: given.cleanRoomFlowRunID ?? "" };
      },
      find,
    });
    return { value, state: adopted ? ("adopted" as const) : ("done" as const) };
  });
  return follow(work, room, made.id);
}
