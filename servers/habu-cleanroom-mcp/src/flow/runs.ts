import { collect } from "../habu/collect.ts";
import type { Room } from "../habu/rooms.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";
import { listFlows } from "./list.ts";

/** Asked anew: whether a run that got no answer was begun. */
export async function findFlowRun({ habu }: Work<Input>, room: Room, flowId: string, name: string) {
  const { cleanRoomFlowRuns = [] } = await habu.call(
    "listCleanroomFlowRuns",
    { path: { cleanroomId: room.id, cleanroomFlowId: flowId }, query: { limit: 100 } },
    { fresh: true },
  );
  const same = cleanRoomFlowRuns.find((run) => run.name === name);
  return same?.id === undefined ? undefined : { id: same.id };
}

/** Where nobody knows of which flow it is. */
export async function findInAnyFlow(work: Work<Input>, room: Room, name: string) {
  const flows = (await listFlows(work, room)).slice(0, 40);
  const found = await collect(flows, ({ id }) => findFlowRun(work, room, id, name));
  return found.find((one) => one !== undefined);
}
