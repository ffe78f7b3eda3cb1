import type { Room } from "../habu/rooms.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export function record(work: Work<Input>, room: Room, target: string, before: unknown, after: unknown): void {
  work.services.accessLog.add({
    at: new Date(work.services.clock.now()).toISOString(),
    what: "permission",
    room: room.id,
    target,
    before,
    after,
    principal: work.principal.id,
  });
}
