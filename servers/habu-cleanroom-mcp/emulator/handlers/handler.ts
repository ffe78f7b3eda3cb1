import type { OperationId } from "../../src/contract/operations.ts";
import type { Flow, Question, Room, RoomQuestion, World } from "../world.ts";

export interface Ask {
  readonly world: World;
  /** Emulated time, epoch milliseconds. */
  readonly now: number;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Checked against the contract before. */
  // biome-ignore lint/suspicious/noExplicitAny: each handler knows the one shape its operation was checked for
  readonly body: any;
}

/** Gives the body of the reply; throws a refusal. */
export type Handler = (ask: Ask) => unknown;
export type Handlers = Partial<Record<OperationId, Handler>>;

const brand = Symbol("refusal");

export function refuse(status: number, message: string): never {
  throw Object.assign(new Error(message), { [brand]: status });
}

export function refusalStatus(error: unknown): number | undefined {
  return typeof error === "object" && error !== null
    ? (error as Record<symbol, number | undefined>)[brand]
    : undefined;
}

export function roomOf({ world, path }: Ask): Room {
  return world.rooms.find((room) => room.id === path.cleanroomId) ?? refuse(404, "Clean room not found.");
}

/** A room whose people and datasets the API user may see. */
export function administeredRoom(ask: Ask): Room {
  const room = roomOf(ask);
  if (!room.admin)
    refuse(403, "The API user has no Administrator role in this clean room; access is denied.");
  return room;
}

export function roomQuestionOf({ world, path }: Ask): RoomQuestion {
  return (
    world.roomQuestions.find((one) => one.id === path.cleanroomQuestionId) ??
    refuse(404, "Clean room question not found.")
  );
}

export function questionOf(world: World, id: string): Question {
  return world.questions.find((one) => one.id === id) ?? refuse(404, "Question not found.");
}

export function flowOf(ask: Ask): Flow {
  return (
    roomOf(ask).flows.find((one) => one.id === ask.path.cleanroomFlowId) ?? refuse(404, "Flow not found.")
  );
}

export function pageOf<T>(items: readonly T[], query: Readonly<Record<string, string>>, limit: number): T[] {
  const offset = Number(query.offset ?? 0);
  return items.slice(offset, offset + Number(query.limit ?? limit));
}

export const iso = (at: number): string => new Date(at).toISOString();

export const timeAudit = (at: number) => ({ createdAt: iso(at), updatedAt: iso(at) });
