import { createOnce } from "../client/settle.ts";
import type { Room } from "../habu/rooms.ts";
import { withSlot } from "../habu/start-run.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";
import { findFlowRun } from "./runs.ts";

export async function start(
  work: Work<Input>,
  room: Room,
  flow: { id: string; name: string },
  retaken: boolean,
) {
  const { input, habu, services } = work;
  const name = `${input.name ?? flow.name.slice(0, 60)} ${(await work.handle()).slice(-8)}`;
  const path = { cleanroomId: room.id, cleanroomFlowId: flow.id };
  const find = () => findFlowRun(work, room, flow.id, name);
  const found = retaken ? await find() : undefined;
  if (found !== undefined) return { value: found, state: "adopted" as const };
  const body = {
    name,
    nodes: Object.entries(input.parameters ?? {}).map(([nodeIdentifier, parameters]) => ({
      nodeIdentifier,
      parameters,
    })),
  };
  const { value, adopted } = await createOnce({
    what: `the flow run "${name}"`,
    attempt: () =>
      withSlot(services.ledger, "flow", async () => {
        const given = await habu.call("createOrUpdateCleanroomFlowRun", { path, body });
        const id = given.id ?? "";
        await services.runBook.saw(id, { status: (given.status ?? "QUEUED").toUpperCase() }, false);
        return { id };
      }),
    find,
  });
  return {
    value,
    state: adopted ? ("adopted" as const) : ("done" as const),
    undo: "a flow run cannot be cancelled",
  };
}
