import { uuidOf } from "../random.ts";
import type { PartitionParameter, Question, Room, RoomQuestion, World } from "../world.ts";
import { refuse } from "./handler.ts";

const permissionWords = ["VIEW_CODE", "EDIT", "CLONE", "RUN", "VIEW_RESULTS", "DELETE"];

export function attach(world: World, roomId: string, question: Question, now: number): RoomQuestion {
  const id = world.nextId("room-question");
  const made: RoomQuestion = {
    id,
    displayId: `CRQ-${3000 + (world.counters["room-question"] ?? 0)}`,
    roomId,
    questionId: question.id,
    bindings: question.dataTypes.map(({ macro }) => ({
      macro,
      owner: undefined,
      datasetId: undefined,
      fields: [],
      assignedAt: undefined,
    })),
    permissions: permissionWords.map((permission) => ({
      id: uuidOf(id, permission),
      permission,
      access:
        permission === "RUN" || permission === "VIEW_RESULTS"
          ? "ALL_CLEAN_ROOM_PARTNERS"
          : "QUESTION_OWNER_ONLY",
    })),
    shares: [],
    schedules: [],
    runs: [],
    compute: "DEFAULT",
    tags: [],
    createdAt: now,
  };
  world.roomQuestions.push(made);
  return made;
}

export const statusOf = (one: RoomQuestion): string =>
  one.bindings.every(({ datasetId }) => datasetId !== undefined) ? "READY" : "MISSING_DATASETS";

/** Parameters a run needs because of how its datasets are partitioned. */
export function partitionsOf(world: World, one: RoomQuestion): PartitionParameter[] {
  const room = roomById(world, one.roomId);
  return one.bindings.flatMap(
    ({ datasetId }) => room.datasets.find((dataset) => dataset.id === datasetId)?.partitions ?? [],
  );
}

export function roomById(world: World, id: string): Room {
  return world.rooms.find((room) => room.id === id) ?? refuse(404, "Clean room not found.");
}
