import { ToolError } from "@mcp-data/core";
import { z } from "zod";
import { createOnce, repeatUntilKnown } from "../client/settle.ts";
import { remove } from "../habu/make.ts";
import { listPartners } from "../habu/people.ts";
import { plainText } from "../habu/plain-text.ts";
import { findQuestion, type RoomQuestion } from "../habu/questions.ts";
import { resolve } from "../habu/resolve.ts";
import { readRoom } from "../habu/rooms.ts";
import type { Work } from "../workflow/work.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";
import { reference, text, values } from "./fields.ts";

const shape = {
  question: reference,
  cleanroom: reference.optional(),
  action: z.enum([
    "show",
    "share",
    "unshare",
    "export",
    "exports",
    "pause_export",
    "resume_export",
    "delete_export",
    "audit",
  ]),
  partners: z.array(reference).min(1).max(50).optional(),
  destination: reference.optional(),
  export_settings: values.optional(),
  job: text(100).optional(),
};
type Input = z.output<z.ZodObject<typeof shape>>;

export const shareResults = workflowTool({
  name: "share_results",
  title: "Share results",
  description:
    "Shows and changes which partners see a question's results, exports results to a destination, follows and pauses exports, and gives the audit trail. Whatever lets data out needs confirmation. The platform does not say who opened a result.",
  group: "collaboration",
  kind: "destructive",
  needs: [],
  uses: [
    ...([
      "getAllCleanrooms",
      "getAllCleanroomQuestions",
      "getCleanroomQuestionById",
      "getCleanroomById",
      "getAllCleanroomPartners",
      "getCleanroomQuestionResultShares",
    ] as const),
    ...([
      "upsertCleanRoomQuestionResultShares",
      "listDestinations",
      "listCleanroomDestinations",
      "provisionCleanroomDestinations",
      "getAllDataExportJobs",
    ] as const),
    ...(["createDataExportJobs", "getDataExportJobRuns", "changeJobStatus", "deleteDataExportJob"] as const),
  ],
  input: shape,
  words: {
    question: "id or name",
    cleanroom: "id or name",
    action: "action",
    partners: "names",
    destination: "id or name",
    export_settings: "{name: value}",
    job: "id or name",
  },
  async run(work) {
    const { input, habu } = work;
    const question = await findQuestion(habu, input.question, input.cleanroom);
    switch (input.action) {
      case "share":
      case "unshare":
        return changeShares(work, question);
      case "export":
        return exportTo(work, question);
      case "exports":
        return exportsOf(work, question);
      case "pause_export":
      case "resume_export":
      case "delete_export":
        return changeExport(work, question);
      case "show":
      case "audit":
        return show(work, question);
    }
  },
});

async function readShares({ habu }: Work<Input>, question: RoomQuestion, fresh = false) {
  const given = await habu.call(
    "getCleanroomQuestionResultShares",
    { path: { cleanroomQuestionId: question.id } },
    { fresh },
  );
  return given.map(({ PartnerID = "", PostRunQueryID = "" }) => ({
    partnerId: PartnerID,
    postRunQueryId: PostRunQueryID,
  }));
}

async function show(work: Work<Input>, question: RoomQuestion) {
  const { habu, services } = work;
  const shares = await readShares(work, question);
  const partners = await listPartners(habu, question.roomId);
  const jobs = await jobsOf(work, question);
  const log = services.accessLog.recent(50, (entry) => entry.question === question.id);
  return work.end({
    summary: `Results of ${question.displayId} are shared with ${shares.length} of ${partners.length} partner(s) and exported by ${jobs.length} job(s).`,
    result: {
      shared_with: shares.map(
        ({ partnerId }) => partners.find(({ id }) => id === partnerId)?.name ?? partnerId,
      ),
      not_shared_with: partners
        .filter(({ id }) => !shares.some(({ partnerId }) => partnerId === id))
        .map(({ name }) => name),
      export_jobs: jobs,
      trail: log,
      limits: ["The trail holds what this server did; the platform has no access log."],
    },
  });
}

async function changeShares(work: Work<Input>, question: RoomQuestion) {
  const { input, habu } = work;
  const partners = await listPartners(habu, question.roomId);
  const before = await readShares(work, question, true);
  if (input.partners === undefined)
    return work.ask([
      {
        field: "partners",
        why: `With whom to ${input.action}.`,
        candidates: partners.map(({ name }) => name),
      },
    ]);
  const chosen = input.partners.map((typed) => resolve("partner of this clean room", typed, partners));
  const ids = new Set(chosen.map(({ id }) => id));
  // The whole list is sent: whether the platform merges or replaces is not known.
  const after =
    input.action === "share"
      ? [
          ...before,
          ...chosen
            .filter(({ id }) => !before.some(({ partnerId }) => partnerId === id))
            .map(({ id }) => ({ partnerId: id, postRunQueryId: "" })),
        ]
      : before.filter(({ partnerId }) => !ids.has(partnerId));
  if (after.length === before.length)
    return work.end({
      summary: `Nothing to change: ${chosen.map(({ name }) => plainText(name, 40)).join(", ")} ${input.action === "share" ? "see" : "do not see"} the results already.`,
    });
  const stop = await work.plan(
    chosen.map(({ name, members }) => ({
      step: `${input.action} results`,
      what: `${question.displayId} with ${name} (${members.length} user(s))`,
      effect:
        input.action === "share"
          ? "they can read every result of this question"
          : "they can no longer read them",
    })),
  );
  if (stop !== undefined) return stop;
  await work.step("shares", "result shares", async () => {
    const body = after.map(({ partnerId, postRunQueryId }) => ({
      PartnerID: partnerId,
      ...(postRunQueryId === "" ? {} : { PostRunQueryID: postRunQueryId }),
    }));
    await repeatUntilKnown(
      () =>
        habu.call("upsertCleanRoomQuestionResultShares", {
          path: { cleanroomQuestionId: question.id },
          body,
        }),
      async () => undefined,
    );
    return { value: after.length };
  });
  const seen = await readShares(work, question, true);
  const name = (id: string) => partners.find((one) => one.id === id)?.name ?? id;
  const same =
    seen.length === after.length &&
    after.every(({ partnerId }) => seen.some((one) => one.partnerId === partnerId));
  if (!same)
    work.warn("The shares read back differ from those sent; the platform may merge instead of replace.");
  work.services.accessLog.add({
    at: new Date(work.services.clock.now()).toISOString(),
    what: input.action,
    question: question.id,
    partners: chosen.map(({ id }) => id),
    before: before.map(({ partnerId }) => partnerId),
    after: seen.map(({ partnerId }) => partnerId),
    principal: work.principal.id,
  });
  return work.end({
    summary: `Results of ${question.displayId} are now shared with ${seen.length} partner(s)${same ? ", read back" : ""}.`,
    result: {
      before: before.map(({ partnerId }) => name(partnerId)),
      after: seen.map(({ partnerId }) => name(partnerId)),
    },
  });
}

async function jobsOf({ habu }: Work<Input>, question: RoomQuestion) {
  const jobs = await habu.call(
    "getAllDataExportJobs",
    { path: { cleanroomId: question.roomId } },
    { fresh: true },
  );
  return (
    jobs
      // Which of its two ids a job names is not documented.
      .filter(({ questionID }) => questionID === question.id || questionID === question.questionId)
      .map(({ ID = "", name = "", status = "", partnerAccount }) => ({
        id: ID,
        name,
        status,
        destination: partnerAccount?.name ?? "",
      }))
  );
}

async function exportTo(work: Work<Input>, question: RoomQuestion) {
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
  const known = new Set((await jobsOf(work, question)).map(({ id }) => id));
  const find = async () => {
    const fresh = (await jobsOf(work, question)).find(
      (job) => !known.has(job.id) && job.destination === destination.name,
    );
    return fresh === undefined ? undefined : { id: fresh.id };
  };
  const made = await work.step("export", "export job", async (retaken) => {
    // After a restart nobody knows which jobs were there before: one to the same destination is taken as ours.
    const same = retaken
      ? (await jobsOf(work, question)).find((job) => job.destination === destination.name)
      : undefined;
    if (same !== undefined) return { value: { id: same.id }, state: "adopted" as const };
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

async function exportsOf(work: Work<Input>, question: RoomQuestion) {
  const { habu } = work;
  const jobs = await jobsOf(work, question);
  const shown = [];
  for (const job of jobs.slice(0, 20)) {
    const runs = await habu.call("getDataExportJobRuns", { path: { exportJobId: job.id } }, { fresh: true });
    const latest = (runs.jobRunsByDate ?? []).flatMap(({ jobRuns = [] }) => jobRuns).slice(0, 3);
    shown.push({
      ...job,
      runs: latest.map(({ status, submitTime, endTime, totalRecords, errorMessage }) => ({
        status,
        submitted: submitTime,
        ended: endTime,
        records: totalRecords,
        error: errorMessage,
      })),
    });
  }
  return work.end({
    summary: `${jobs.length} export job(s) of ${question.displayId}.`,
    result: { export_jobs: shown },
  });
}

async function changeExport(work: Work<Input>, question: RoomQuestion) {
  const { input, habu } = work;
  const jobs = await jobsOf(work, question);
  const job =
    input.job === undefined
      ? jobs.length === 1
        ? jobs[0]
        : undefined
      : resolve("export job of this question", input.job, jobs);
  if (job === undefined)
    return work.ask([
      { field: "job", why: "Which export job.", candidates: jobs.map(({ name, id }) => `${name} (${id})`) },
    ]);
  const what = input.action.replace("_", " ");
  const effect =
    input.action === "delete_export"
      ? "cannot be undone"
      : input.action === "resume_export"
        ? "result rows leave the clean room again"
        : undefined;
  const stop = await work.plan([
    { step: what, what: `${job.name} to ${job.destination}`, ...(effect === undefined ? {} : { effect }) },
  ]);
  if (stop !== undefined) return stop;
  await work.step(input.action, what, async () => {
    if (input.action === "delete_export")
      await remove(() => habu.call("deleteDataExportJob", { path: { exportJobId: job.id } }));
    else
      await repeatUntilKnown(
        () =>
          habu.call("changeJobStatus", {
            path: { exportJobId: job.id },
            body: { status: input.action === "pause_export" ? "PAUSED" : "ACTIVE" },
          }),
        async () => undefined,
      );
    return { value: job.id };
  });
  const seen = (await jobsOf(work, question)).find(({ id }) => id === job.id);
  return work.end({
    summary: seen === undefined ? "The export job is gone." : `The export job is ${seen.status}.`,
  });
}
