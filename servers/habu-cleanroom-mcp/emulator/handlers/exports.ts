import { uuidOf } from "../random.ts";
import type { Destination, ExportJob, World } from "../world.ts";
import { type Handlers, iso, refuse, roomOf } from "./handler.ts";

export const exportHandlers: Handlers = {
  getAllDataExportJobs: (ask) => roomOf(ask).exportJobs.map((job) => shownJob(job, ask.world)),

  createDataExportJobs(ask) {
    const room = roomOf(ask);
    if (room.parameters.ENABLE_EXPORT !== "true") refuse(400, "Exports are not enabled in this clean room.");
    const accounts: string[] = ask.body.partnerAccountIds ?? [];
    return accounts.map((partnerAccountId) => {
      if (!room.destinations.has(partnerAccountId))
        refuse(400, "The destination is not provisioned in this clean room.");
      const question = ask.world.roomQuestions.find(({ id }) => id === ask.body.cleanroomQuestionId);
      if (question === undefined && ask.body.cleanroomQuestionId !== undefined)
        refuse(404, "Clean room question not found.");
      const made: ExportJob = {
        id: ask.world.nextId("export-job"),
        name: `Export ${room.exportJobs.length + 1}`,
        status: "ACTIVE",
        partnerAccountId,
        questionId: question?.id,
        parameters: ask.body.exportParameters ?? [],
        createdAt: ask.now,
      };
      room.exportJobs.push(made);
      return made.id;
    });
  },

  listCleanroomDestinations: (ask) => {
    const room = roomOf(ask);
    const accounts = [...room.destinations].flatMap(([id, channelStatus]) => {
      const found = ask.world.destinations.find((one) => one.id === id);
      return found === undefined
        ? []
        : [
            {
              partnerAccount: account(found),
              ownership: "OWNER",
              channelStatus,
              isUsedForActivation: room.exportJobs.some((job) => job.partnerAccountId === id),
            },
          ];
    });
    return { partnerAccounts: accounts, total: accounts.length, limit: 30, offset: 0 };
  },

  provisionCleanroomDestinations(ask) {
    const room = roomOf(ask);
    return ((ask.body.destinations ?? []) as string[]).map((id) => {
      if (!ask.world.destinations.some((one) => one.id === id)) refuse(404, "Destination not found.");
      room.destinations.set(id, "ACTIVE_CHANNEL");
      return { cleanroomId: room.id, partnerAccountId: id, channelStatus: "ACTIVE_CHANNEL" };
    });
  },

  getDataExportJobRuns: ({ world, path, now }) => {
    const job = jobOf(world, path.exportJobId);
    const done = now - job.createdAt > 10 * 60_000;
    const run = {
      id: uuidOf(job.id, "run"),
      jobId: job.id,
      status: done ? "COMPLETE" : "PROCESSING",
      submitTime: iso(job.createdAt),
      startTime: iso(job.createdAt + 60_000),
      ...(done ? { endTime: iso(job.createdAt + 600_000), totalRecords: 120 } : {}),
      jobRunType: "FULL_REFRESH",
    };
    return {
      organization: world.organisation.name,
      question: job.questionId ?? "",
      jobRunsByDate: [
        { date: iso(job.createdAt).slice(0, 10), organization: world.organisation.name, jobRuns: [run] },
      ],
      exportDetailParameters: job.parameters,
    };
  },

  changeJobStatus({ world, path, body }) {
    jobOf(world, path.exportJobId).status = body.status;
    return { success: true };
  },

  deleteDataExportJob({ world, path }) {
    const job = jobOf(world, path.exportJobId);
    for (const room of world.rooms) room.exportJobs = room.exportJobs.filter((one) => one !== job);
    return { success: true };
  },

  listDestinations: ({ world }) => ({
    partnerAccounts: world.destinations.map(account),
    total: world.destinations.length,
    limit: 30,
    offset: 0,
  }),
};

function jobOf(world: World, id: string | undefined): ExportJob {
  return (
    world.rooms.flatMap((room) => room.exportJobs).find((job) => job.id === id) ??
    refuse(404, "Export job not found.")
  );
}

/** The platform may show what a destination signs in with. */
function account(one: Destination) {
  return {
    ID: one.id,
    name: one.name,
    partner: { ID: uuidOf("partner", one.partnerName), name: one.partnerName, displayName: one.partnerName },
    credential: {
      ID: uuidOf("destination-credential", one.id),
      name: `${one.name} key`,
      credentials: [{ name: "SECRET_KEY", value: "planted-destination-secret-9c1f" }],
    },
    configStatus: one.configStatus,
  };
}

function shownJob(job: ExportJob, world: World) {
  const destination = world.destinations.find(({ id }) => id === job.partnerAccountId);
  return {
    ID: job.id,
    name: job.name,
    status: job.status,
    ...(destination === undefined ? {} : { partnerAccount: account(destination) }),
    ...(job.questionId === undefined ? {} : { questionID: job.questionId }),
    timeAudit: { createdAt: iso(job.createdAt) },
  };
}
