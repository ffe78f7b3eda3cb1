import { z } from "zod";
import { listDatasets } from "../habu/bindings.ts";
import { collect } from "../habu/collect.ts";
import { listInvitations, listMembers, listPartners } from "../habu/people.ts";
import { listRoomQuestions } from "../habu/questions.ts";
import { findRoom, shownRoom } from "../habu/rooms.ts";
import { listRuns } from "../habu/runs.ts";
import { runStatistics, sinceDay } from "../habu/statistics.ts";
import { visible } from "../habu/visible.ts";
import { days, reference } from "../workflow/fields.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";

const maxQuestions = 20;

export const monitorCleanroomStatus = workflowTool({
  name: "monitor_cleanroom_status",
  title: "Status of a clean room",
  description:
    "Reports one clean room: partners, datasets, questions, runs, schedules, exports, insights. For all rooms use monitor_organization_health.",
  group: "workspace",
  kind: "read",
  needs: ["getAllCleanrooms"],
  uses: [
    ...([
      "getCleanroomById",
      "getAllCleanroomQuestions",
      "getAllCleanroomPartners",
      "listPartnerInvitationsForInviter",
    ] as const),
    ...([
      "getCleanroomUsers",
      "getCleanroomDatasets",
      "getAllCleanroomQuestionRuns",
      "getCleanroomQuestionRunSchedules",
      "getAllDataExportJobs",
    ] as const),
  ],
  input: { cleanroom: reference, days, max_questions: z.int().min(1).max(50).optional() },
  words: { cleanroom: "id or name", days: "30", max_questions: "20" },
  timeoutMs: 120_000,
  async run(work) {
    const { input, habu, services } = work;
    const period = input.days ?? 30;
    if (input.days === undefined) work.assume("the last 30 days");
    const room = await findRoom(habu, input.cleanroom);
    const unseen: string[] = [];
    const questions = await listRoomQuestions(habu, room.id);
    const partners = await visible("partners", () => listPartners(habu, room.id), unseen);
    const invitations = await visible("invitations", () => listInvitations(habu, room.id), unseen);
    const members = await visible("users", () => listMembers(habu, room.id), unseen);
    const datasets = await visible("datasets", () => listDatasets(habu, room.id), unseen);
    const jobs = await visible(
      "exports",
      () => habu.call("getAllDataExportJobs", { path: { cleanroomId: room.id } }),
      unseen,
    );

    const looked = questions.slice(0, input.max_questions ?? maxQuestions);
    const since = sinceDay(services.clock.now(), period);
    let done = 0;
    const perQuestion = await collect(looked, async (question) => {
      const { runs, cut } = await listRuns(habu, question.id, { since });
      const schedules = await habu.call("getCleanroomQuestionRunSchedules", {
        path: { cleanroomQuestionId: question.id },
      });
      done += 1;
      work.progress(done, looked.length, "Reading runs");
      return { question, runs, cut, schedules: schedules.length };
    });
    const all = perQuestion.flatMap(({ runs }) => runs);
    const statistics = runStatistics(all);
    const unready = questions.filter(({ status }) => status !== "READY");
    const pending = (invitations ?? []).filter(({ status }) => status === "PENDING");
    const idle = perQuestion.filter(({ runs, question }) => runs.length === 0 && question.status === "READY");

    const insights = [
      ...unready.map(({ displayId, status }) => `${displayId} cannot run: ${status}`),
      ...pending.map(
        ({ email, createdAt }) =>
          `${email} has not answered since ${createdAt?.slice(0, 10) ?? "an unknown day"}`,
      ),
      ...(statistics.failed > 0
        ? [`${statistics.failed} of ${statistics.finished} finished runs failed`]
        : []),
      ...idle.map(({ question }) => `${question.displayId} is ready but did not run in ${period} days`),
      ...(partners !== undefined && partners.length === 0 ? ["no partner has joined"] : []),
      ...(partners ?? [])
        .filter((one) => one.members.length === 0)
        .map(({ name }) => `${name} has no user in the room`),
    ];
    const cutRooms = perQuestion.filter(({ cut }) => cut).length;
    return work.end({
      summary: `${room.displayId} is ${room.status || "in an unknown state"}: ${questions.length - unready.length} of ${questions.length} questions ready, ${partners?.length ?? "?"} partner(s), ${statistics.runs} run(s) in ${period} days${statistics.success_rate === undefined ? "" : `, ${statistics.success_rate} % successful`}.`,
      result: {
        cleanroom: shownRoom(room),
        insights,
        runs: statistics,
        questions: perQuestion.map(({ question, runs, schedules }) => ({
          id: question.id,
          display_id: question.displayId,
          name: question.name,
          status: question.status,
          schedules,
          runs: runs.length,
          ...(runs[0] === undefined
            ? {}
            : { last_run: { status: runs[0].status, submitted: runs[0].submittedAt } }),
        })),
        partners: partners?.map(({ name, members: people }) => ({ name, users: people.length })),
        invitations: invitations?.map(({ email, status, createdAt }) => ({
          email,
          status,
          created: createdAt,
        })),
        users: members?.map(({ email, role }) => ({ email, role })),
        datasets: datasets?.map(({ name, organisationName }) => ({ name, organisation: organisationName })),
        export_jobs: jobs?.map(({ name, status }) => ({ name, status })),
        coverage: [
          ...(looked.length < questions.length
            ? [`runs of ${looked.length} of ${questions.length} questions were read`]
            : []),
          ...(cutRooms > 0 ? [`only the newest 100 runs of ${cutRooms} question(s) were read`] : []),
          "The platform shows no sign-ins or views: partner activity is what their invitations, users and datasets show.",
        ],
        ...(unseen.length === 0 ? {} : { not_visible: unseen }),
      },
      next: [
        ...unready.slice(0, 2).map(({ displayId }) => ({
          tool: "troubleshoot_issues",
          why: "the question cannot run",
          arguments: { question: displayId },
        })),
        ...(statistics.failed > 0
          ? [{ tool: "troubleshoot_issues", why: "runs failed", arguments: { cleanroom: room.displayId } }]
          : []),
      ],
    });
  },
});
