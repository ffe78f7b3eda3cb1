import { ToolError } from "@mcp-data/core";
import { repeatUntilKnown } from "../client/settle.ts";
import type { Room } from "../habu/rooms.ts";
import { withSlot } from "../habu/start-run.ts";
import type { Work } from "../workflow/work.ts";
import { follow } from "./follow.ts";
import type { Input } from "./input.ts";

export async function again(work: Work<Input>, room: Room) {
  const { input, habu, services } = work;
  if (input.run === undefined)
    throw new ToolError("VALIDATION_ERROR", `run is missing for ${input.action}.`, {
      hint: "Give the id of the flow run.",
    });
  const path = { cleanroomId: room.id, cleanroomFlowRunId: input.run };
  if (input.action === "continue") {
    const stop = await work.plan([{ step: "continue flow run", what: input.run }]);
    if (stop !== undefined) return stop;
    await work.step("continue", "continue flow run", async () => {
      await repeatUntilKnown(
        () => habu.call("resumeCleanroomFlowRun", { path, body: {} }),
        async () => undefined,
      );
      return { value: input.run ?? "" };
    });
    return follow(work, room, input.run);
  }
  const stop = await work.plan([
    { step: "replay flow run", what: input.run, effect: "costs one of 20 flow runs an hour" },
  ]);
  if (stop !== undefined) return stop;
  const name = `replay ${(await work.handle()).slice(-8)}`;
  const made = await work.step("run", "flow run", async () => {
    const given = await withSlot(services.ledger, "flow", () =>
      habu.call("replayCleanroomFlowRun", { path, body: { name } }),
    );
    return { value: { id: given.cleanRoomFlowRunID ?? "" } };
  });
  return follow(work, room, made.id);
}
