import { z } from "zod";
import { collect } from "../habu/collect.ts";
import { listConnections, stateOf } from "../habu/connections.ts";
import { listInvitations } from "../habu/people.ts";
import { durations, median } from "../habu/runs.ts";
import { runStatistics, sinceDay } from "../habu/statistics.ts";
import { surveyRuns } from "../habu/survey.ts";
import { visible } from "../habu/visible.ts";
import { judgeConnection } from "../knowledge/connection-rules.ts";
import { days } from "../workflow/fields.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";

export const monitorOrganizationHealth = workflowTool({
  name: "monitor_organization_health",
  title: "Health of the organisation",
  description:
    "Scores rooms, connections, invitations and runs of the organisation; names bottlenecks and what it could not see.",
  group: "operations",
  kind: "read",
  needs: ["getAllCleanrooms"],
  uses: [
    "getAllCleanrooms",
    "getAllCleanroomQuestions",
    "getAllCleanroomQuestionRuns",
    "getAllDataConnections",
    "listPartnerInvitationsForInviter",
  ],
  input: { days, max_rooms: z.int().min(1).max(60).optional() },
  words: { days: "14", max_rooms: "30" },
  timeoutMs: 180_000,
  async run(work) {
    const { input, habu, services } = work;
    const period = input.days ?? 14;
    if (input.days === undefined) work.assume("the last 14 days");
    const unseen: string[] = [];
    const connections = await visible("data connections", () => listConnections(habu), unseen);
    const survey = await surveyRuns(habu, {
      since: sinceDay(services.clock.now(), period),
      maxRooms: input.max_rooms ?? 30,
      reserve: 35,
      onProgress: (done, total) => work.progress(done, total, "Reading runs"),
    });
    const asked = survey.surveyedRooms.slice(0, Math.max(0, habu.spent.left));
    const invitations = (
      await collect(
        asked,
        async (room) =>
          (await visible(`invitations of ${room.displayId}`, () => listInvitations(habu, room.id), unseen)) ??
          [],
      )
    ).flat();

    const statistics = runStatistics(survey.entries.flatMap(({ runs }) => runs));
    const unready = survey.questions.filter(({ status }) => status !== "READY");
    const badConnections = (connections ?? []).flatMap((one) => judgeConnection(one, stateOf(one)) ?? []);
    const stale = invitations.filter(
      ({ status, createdAt }) =>
        status === "PENDING" && services.clock.now() - Date.parse(createdAt ?? "") > 7 * 86_400_000,
    );
    const slow = survey.entries
      .map(({ question, room, runs }) => ({
        question: question.displayId,
        room: room.displayId,
        name: question.name,
        minutes: Math.round((median(durations(runs)) ?? 0) / 60_000),
        runs: runs.length,
      }))
      .filter(({ minutes }) => minutes > Math.max(30, 1.5 * (statistics.median_minutes ?? 30)))
      .sort((a, b) => b.minutes - a.minutes);
    const failing = survey.entries
      .map(({ question, room, runs }) => ({
        question: question.displayId,
        room: room.displayId,
        ...runStatistics(runs),
      }))
      .filter(({ failed }) => failed > 0)
      .sort((a, b) => b.failed - a.failed);
    const scores = {
      runs: score(statistics.finished === 0 ? 1 : 1 - statistics.failed / statistics.finished),
      questions: score(share(survey.questions.length - unready.length, survey.questions.length)),
      connections:
        connections === undefined
          ? null
          : score(share(connections.length - badConnections.length, connections.length)),
      invitations: score(share(invitations.length - stale.length, invitations.length)),
    };
    const counted = Object.values(scores).filter((one): one is number => one !== null);
    const overall = Math.round(counted.reduce((sum, one) => sum + one, 0) / Math.max(1, counted.length));
    const recommendations = [
      ...badConnections.slice(0, 5).map(({ subject, fix }) => `Data connection ${subject}: ${fix}`),
      ...failing
        .slice(0, 5)
        .map(({ question, failed }) => `${question}: ${failed} failed run(s); ask troubleshoot_issues.`),
      ...(unready.length > 0
        ? [`${unready.length} question(s) cannot run; assign their datasets or take them out.`]
        : []),
      ...stale
        .slice(0, 5)
        .map(({ email }) => `Follow up with ${email}; the invitation is older than a week.`),
      ...slow
        .slice(0, 3)
        .map(
          ({ question, minutes }) => `${question} takes ${minutes} min; a larger compute capacity may help.`,
        ),
    ];
    return work.end({
      summary: `Score ${overall} of 100: ${survey.rooms.length} room(s), ${survey.questions.length} question(s), ${statistics.runs} run(s) in ${period} days, ${badConnections.length} connection(s) and ${unready.length} question(s) need attention.`,
      result: {
        scorecard: {
          overall,
          ...scores,
          how: "the share of healthy things in each part, 0-100; overall is their mean",
        },
        runs: statistics,
        rooms: survey.surveyedRooms.map((room) => {
          const own = survey.entries.filter((entry) => entry.room.id === room.id);
          return {
            room: room.displayId,
            name: room.name,
            status: room.status,
            questions: own.length,
            ...runStatistics(own.flatMap(({ runs }) => runs)),
          };
        }),
        bottlenecks: { slow: slow.slice(0, 5), failing: failing.slice(0, 5), connections: badConnections },
        recommendations,
        coverage: [
          ...survey.coverage,
          `${asked.length} of ${survey.rooms.length} rooms were asked for invitations`,
        ],
        ...(unseen.length === 0 ? {} : { not_visible: unseen.slice(0, 15) }),
      },
      next: failing.slice(0, 1).map(({ question }) => ({
        tool: "troubleshoot_issues",
        why: "the most failures",
        arguments: { question },
      })),
    });
  },
});

const share = (good: number, all: number): number => (all === 0 ? 1 : good / all);
const score = (part: number): number => Math.round(100 * part);
