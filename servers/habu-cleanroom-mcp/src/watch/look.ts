import { collect } from "../habu/collect.ts";
import { listConnections, stateOf } from "../habu/connections.ts";
import { listInvitations } from "../habu/people.ts";
import { hasFailed } from "../habu/runs.ts";
import { sinceDay } from "../habu/statistics.ts";
import { surveyRuns } from "../habu/survey.ts";
import { visible } from "../habu/visible.ts";
import type { Services } from "../services.ts";

export interface Alert {
  readonly kind:
    | "connection_left_good_state"
    | "run_failed"
    | "invitation_answered"
    | "circuit_open"
    | "budget_nearly_spent";
  readonly subject: string;
  readonly detail: string;
}

/** What the last look saw; survives restarts. */
export interface Seen {
  readonly connections: Readonly<Record<string, string>>;
  readonly invitations: Readonly<Record<string, string>>;
  readonly failedRuns: readonly string[];
  readonly flags: readonly string[];
}

/** One look at everything, and what got worse since the last. The first look alerts nobody. */
export async function lookAround(
  services: Services,
  before: Seen | undefined,
  signal: AbortSignal,
): Promise<{ seen: Seen; alerts: Alert[] }> {
  const habu = services.habu.session({ signal, requestId: "watch" });
  const unseen: string[] = [];
  const connections =
    (await visible("connections", () => listConnections(habu, { fresh: true }), unseen)) ?? [];
  const survey = await surveyRuns(habu, {
    since: sinceDay(services.clock.now(), 1),
    maxRooms: 40,
    reserve: 45,
    onProgress: () => undefined,
  });
  const invitations = (
    await collect(
      survey.surveyedRooms.slice(0, Math.max(0, habu.spent.left - 2)),
      async ({ id }) => (await visible("invitations", () => listInvitations(habu, id), unseen)) ?? [],
    )
  ).flat();
  const failed = survey.entries.flatMap(({ question, runs }) =>
    runs.filter(({ status }) => hasFailed(status)).map((run) => ({ question, run })),
  );
  const flags = flagsOf(services);
  const seen: Seen = {
    connections: Object.fromEntries(connections.map((one) => [one.id, stateOf(one)])),
    invitations: Object.fromEntries(invitations.map(({ id, status }) => [id, status])),
    failedRuns: failed.map(({ run }) => run.id),
    flags: flags.map(({ kind, subject }) => `${kind} ${subject}`),
  };
  if (before === undefined) return { seen, alerts: [] };
  const alerts: Alert[] = [
    ...connections
      .filter((one) => before.connections[one.id] === "ready" && stateOf(one) !== "ready")
      .map((one): Alert => ({ kind: "connection_left_good_state", subject: one.id, detail: stateOf(one) })),
    ...failed
      .filter(({ run }) => !before.failedRuns.includes(run.id))
      .map(
        ({ question, run }): Alert => ({
          kind: "run_failed",
          subject: run.id,
          detail: `${question.displayId} ${run.status}`,
        }),
      ),
    ...invitations
      .filter(({ id, status }) => before.invitations[id] === "PENDING" && status !== "PENDING")
      .map(({ id, status }): Alert => ({ kind: "invitation_answered", subject: id, detail: status })),
    ...flags.filter(({ kind, subject }) => !before.flags.includes(`${kind} ${subject}`)),
  ];
  return { seen, alerts };
}

function flagsOf(services: Pick<Services, "transport" | "tokens" | "ledger">): Alert[] {
  const runs = services.ledger.use("question");
  const flows = services.ledger.use("flow");
  const tokens = services.tokens.budget();
  const flags: (Alert | false)[] = [
    services.transport.circuit === "open" && {
      kind: "circuit_open",
      subject: "platform",
      detail: "failed several times in a row",
    },
    runs.used >= runs.limit * 0.8 && {
      kind: "budget_nearly_spent",
      subject: "question runs",
      detail: `${runs.used} of ${runs.limit} this hour`,
    },
    flows.used >= flows.limit * 0.8 && {
      kind: "budget_nearly_spent",
      subject: "flow runs",
      detail: `${flows.used} of ${flows.limit} this hour`,
    },
    tokens.issued_last_24h >= tokens.limit && {
      kind: "budget_nearly_spent",
      subject: "tokens",
      detail: `${tokens.issued_last_24h} of ${tokens.limit} today`,
    },
  ];
  return flags.filter((one): one is Alert => one !== false);
}
