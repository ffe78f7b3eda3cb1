import { ToolError } from "@mcp-data/core";
import { createOnce, repeatUntilKnown } from "../client/settle.ts";
import { plainText } from "../habu/plain-text.ts";
import type { RoomQuestion } from "../habu/questions.ts";
import { resolve } from "../habu/resolve.ts";
import { readRoom } from "../habu/rooms.ts";
import type { Work } from "../workflow/work.ts";
import { jobsOf } from "./export-jobs.ts";
import type { Input } from "./input.ts";

export async function exportTo(work: Work<Input>, question: RoomQuestion) {
  const { input, habu } = work;
  const room = await readRoom(habu, question.roomId);
  if (room.exportsEnabled === false) {
    throw new ToolError("CONFLICT", `Exports are not enabled in ${room.displayId}.`, {
      hint: "They are enabled when a room is made (features: EXPORT) or in the console; results can be written to files with retrieve_and_analyze_results.",
      details: { reason: "EXPORT_DISABLED" },
    });
  }
  const all = ((await habu.call("listDestinations", { query: { limit: 100 } })).partnerAccounts ?? []).map(
    ({ ID = "", name = "", configStatus = "" }) => ({ id: ID, name, status: configStatus }),
  );
  const destination =
    input.destination === undefined
      ? all.length === 1
        ? all[0]
        : undefined
      : resolve("destination", input.destination, all);
  if (destination === undefined)
    return work.ask([
      {
        field: "destination",
        why: "Where the results go. Destinations are made in the console: they hold secrets.",
        candidates: all.map(({ name }) => name),
      },
    ]);
  if (input.destination === undefined) work.assume(`destination ${destination.name}, the only one`);
  const there = (await jobsOf(work, question, true)).find((job) => job.destination === destination.name);
  if (there !== undefined && !work.resumed("export")) return exists(work, question, there);
  const here =
    (await habu.call("listCleanroomDestinations", { path: { cleanroomId: room.id }, query: { limit: 100 } }))
      .partnerAccounts ?? [];
  const channel = here.find(({ partnerAccount }) => partnerAccount?.ID === destination.id)?.channelStatus;
  const stop = await work.plan([
    ...(channel === undefined
      ? [{ step: "add destination to room", what: destination.name, effect: "the room may send data there" }]
      : []),
    {
      step: "create export job",
      what: `${question.displayId} to ${destination.name}`,
      effect: "result rows leave the clean room with every run",
    },
  ]);
  if (stop !== undefined) return stop;
  if (channel === undefined) {
    await work.step("provision", `destination ${plainText(destination.name, 60)}`, async () => {
      await repeatUntilKnown(
        () =>
          habu.call("provisionCleanroomDestinations", {
            path: { cleanroomId: room.id },
            body: { destinations: [destination.id] },
          }),
        async () => undefined,
      );
      return { value: destination.id };
    });
  }
  // There was none before: one to this destination is ours.
  const find = async () => {
    const same = (await jobsOf(work, question, true)).find((job) => job.destination === destination.name);
    return same === undefined ? undefined : { id: same.id };
  };
  const made = await work.step("export", "export job", async (retaken) => {
    const same = retaken ? await find() : undefined;
    if (same !== undefined) return { value: same, state: "adopted" as const };
    const { value, adopted } = await createOnce({
      what: "the export job",
      attempt: async () => {
        const ids = await habu.call("createDataExportJobs", {
          path: { cleanroomId: room.id },
          body: {
            cleanroomQuestionId: question.id,
            partnerAccountIds: [destination.id],
            exportParameters: Object.entries(input.export_settings ?? {}).map(([name, value]) => ({
              name,
              value,
            })),
          },
        });
        return { id: ids[0] ?? "" };
      },
      find,
    });
    return {
      value,
      state: adopted ? ("adopted" as const) : ("done" as const),
      undo: `delete the export job ${value.id}`,
    };
  });
  work.services.accessLog.add({
    at: new Date(work.services.clock.now()).toISOString(),
    what: "export",
    question: question.id,
    destination: destination.id,
    job: made.id,
    principal: work.principal.id,
  });
  return work.end({
    summary: `The export job to ${destination.name} exists.`,
    result: { job: made.id },
    next: [
      {
        tool: "share_results",
        why: "see how it goes",
        arguments: { question: question.displayId, action: "exports" },
      },
    ],
  });
}

function exists(
  work: Work<Input>,
  question: RoomQuestion,
  job: { readonly id: string; readonly name: string; readonly status: string; readonly destination: string },
) {
  return work.end({
    summary: `Results of ${question.displayId} are exported to ${job.destination} already (${job.status}); no second job was made.`,
    result: { job: job.id, name: job.name, status: job.status },
    next: [
      {
        tool: "share_results",
        why: "to export with other settings, end this one first",
        arguments: { question: question.displayId, action: "delete_export", job: job.id },
      },
    ],
  });
}
