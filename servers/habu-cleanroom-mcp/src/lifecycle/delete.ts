import { ToolError } from "@mcp-data/core";
import { listDatasets } from "../habu/bindings.ts";
import { listPartners } from "../habu/people.ts";
import { listRoomQuestions } from "../habu/questions.ts";
import { type Room, readRoom, shownRoom } from "../habu/rooms.ts";
import { visible } from "../habu/visible.ts";
import { removal } from "../workflow/removal.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function deleteRoom(work: Work<Input>, room: Room) {
  const { habu } = work;
  const unseen: string[] = [];
  const questions = await listRoomQuestions(habu, room.id);
  const partners = await visible("partners", () => listPartners(habu, room.id), unseen);
  const datasets = await visible("datasets", () => listDatasets(habu, room.id), unseen);
  const jobs = await visible(
    "export jobs",
    () => habu.call("getAllDataExportJobs", { path: { cleanroomId: room.id } }),
    unseen,
  );
  const lost = {
    questions: questions.length,
    partners: partners?.length ?? "not visible",
    datasets: datasets?.length ?? "not visible",
    export_jobs: jobs?.length ?? "not visible",
  };
  const stop = await work.plan(
    [{ step: "delete clean room", what: `${room.displayId} "${room.name}"`, effect: "cannot be undone" }],
    { cleanroom: shownRoom(room), lost, ...(unseen.length === 0 ? {} : { not_visible: unseen }) },
  );
  if (stop !== undefined) return stop;
  await removal(work, "delete", `delete clean room ${room.displayId}`, () =>
    habu.call("deleteCleanroom", { path: { cleanroomId: room.id } }),
  );
  const after = await readRoom(habu, room.id).then(
    () => `${room.displayId} was deleted, but can still be read.`,
    (error: unknown) =>
      error instanceof ToolError && error.code === "NOT_FOUND"
        ? `${room.displayId} is gone; reading it answers 404.`
        : `${room.displayId} was deleted; whether it is gone could not be read.`,
  );
  return work.end({
    summary: after,
    result: { lost },
  });
}
