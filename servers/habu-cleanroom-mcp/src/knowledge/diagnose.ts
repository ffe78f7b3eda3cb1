import { isToolError } from "@mcp-data/core";
import type { Habu } from "../client/habu-client.ts";
import { missingPermission } from "../client/permission.ts";
import type { OperationId } from "../contract/operations.ts";
import { listBindings, listDatasets } from "../habu/bindings.ts";
import { findConnection, listConnections, stateOf } from "../habu/connections.ts";
import { readFields } from "../habu/field-map.ts";
import { listParameters } from "../habu/parameters.ts";
import { listInvitations, listMembers, listPartners } from "../habu/people.ts";
import type { RoomQuestion } from "../habu/questions.ts";
import type { Room } from "../habu/rooms.ts";
import { hasFailed, isOver, type Run } from "../habu/runs.ts";
import { visible } from "../habu/visible.ts";
import { countRows } from "../results/table.ts";
import type { Services } from "../services.ts";
import { judgeConnection } from "./connection-rules.ts";
import type { Finding } from "./finding.ts";

export interface Facts {
  readonly habu: Habu;
  readonly services: Services;
}

/** Operations a working setup needs most. */
const essential: readonly OperationId[] = [
  "getAllCleanrooms",
  "getAllCleanroomQuestions",
  "createCleanroomQuestionRun",
  "getCleanroomQuestionRunData",
  "getAllCleanroomPartners",
  "getAllDataConnections",
];

export async function judgeAccess({ habu, services }: Facts): Promise<Finding[]> {
  const findings: Finding[] = [];
  try {
    const { status } = await habu.call("getHealth", {});
    if (status !== "UP")
      findings.push({
        rule: "PLATFORM_DOWN",
        severity: "high",
        subject: "platform",
        cause: "The platform does not call itself up.",
        evidence: `status ${status}`,
        fix: "Wait; look at its status page.",
      });
    await habu.call("getAllCleanrooms", { query: { limit: 1 } });
  } catch (error) {
    if (!isToolError(error)) throw error;
    findings.push({
      rule: String(error.details?.reason ?? error.code),
      severity: "high",
      subject: "sign-in",
      cause: error.message,
      evidence: `${error.code} ${String(error.details?.http_status ?? "")}`.trim(),
      fix: error.hint ?? "Check the configured key.",
    });
  }
  const permissions = services.tokens.permissions();
  const missing = [...new Set(essential.flatMap((id) => missingPermission(id, permissions) ?? []))];
  if (missing.length > 0)
    findings.push({
      rule: "PERMISSION_TOKEN",
      severity: "medium",
      subject: "API key",
      cause: "The key lacks permissions.",
      evidence: missing.join(", "),
      fix: "Ask the organisation's administrator for a key with these.",
    });
  const tokens = services.tokens.budget();
  if (tokens.frees_at !== undefined)
    findings.push({
      rule: "TOKEN_BUDGET",
      severity: "info",
      subject: "access tokens",
      cause: "Both tokens of the day are granted; losing the cached one means waiting.",
      evidence: `${tokens.issued_last_24h} of ${tokens.limit}`,
      fix: `Keep the state folder; the next may be asked for at ${tokens.frees_at}.`,
    });
  const runs = services.ledger.use("question");
  if (runs.frees_at !== undefined)
    findings.push({
      rule: "RUN_BUDGET",
      severity: "medium",
      subject: "question runs",
      cause: "The hour's runs are used up.",
      evidence: `${runs.used} of ${runs.limit}`,
      fix: `Wait until ${runs.frees_at}, or reuse results.`,
    });
  if (services.transport.circuit !== "closed")
    findings.push({
      rule: "CIRCUIT_OPEN",
      severity: "high",
      subject: "platform",
      cause: "It failed several times in a row.",
      evidence: `circuit ${services.transport.circuit}`,
      fix: "Wait half a minute.",
    });
  return findings;
}

export async function judgeConnections({ habu }: Facts, only: string | undefined): Promise<Finding[]> {
  const unseen: string[] = [];
  const all = await visible(
    "data connections",
    async () => (only === undefined ? listConnections(habu) : [await findConnection(habu, only)]),
    unseen,
  );
  const findings = (all ?? []).flatMap((one) => judgeConnection(one, stateOf(one)) ?? []);
  const [one] = all ?? [];
  if (only !== undefined && one !== undefined && stateOf(one) === "ready") {
    const fields = await readFields(habu, one.id);
    if (fields.length > 0 && !fields.some(({ isUserIdField }) => isUserIdField === true)) {
      findings.push({
        rule: "CONNECTION_NO_USER_ID",
        severity: "info",
        subject: one.name,
        cause: "No field is marked as the user id, so rows cannot be joined by person.",
        evidence: `${fields.length} fields`,
        fix: "Mark one with manage_data_integration, action remap.",
      });
    }
  }
  return [
    ...findings,
    ...unseen.map(
      (text): Finding => ({
        rule: "PERMISSION_TOKEN",
        severity: "medium",
        subject: "data connections",
        cause: "They cannot be read.",
        evidence: text,
        fix: "Ask for read:dataconnections.",
      }),
    ),
  ];
}

export async function judgeRoom({ habu, services }: Facts, room: Room): Promise<Finding[]> {
  const unseen: string[] = [];
  const members = await visible("users", () => listMembers(habu, room.id), unseen);
  const partners = await visible("partners", () => listPartners(habu, room.id), unseen);
  const invitations = await visible("invitations", () => listInvitations(habu, room.id), unseen);
  const findings: Finding[] = [];
  const add = (rule: string, severity: Finding["severity"], cause: string, evidence: string, fix: string) =>
    findings.push({ rule, severity, subject: room.displayId, cause, evidence, fix });
  if (members === undefined)
    add(
      "PERMISSION_ROOM",
      "high",
      "People and datasets of the room are refused: the API user is most likely not Administrator in it.",
      unseen.join("; "),
      "In the console open the room, Users, New User, and add the API user as Administrator.",
    );
  if (partners !== undefined && partners.length === 0)
    add("NO_PARTNER", "info", "No partner has joined.", "0 partners", "Invite one with onboard_partner.");
  for (const one of partners ?? [])
    if (one.members.length === 0)
      add(
        "PARTNER_WITHOUT_USERS",
        "medium",
        "A partner has no user in the room, so nobody can assign its datasets.",
        `partner ${one.name}`,
        "Ask the partner to add a user in the console.",
      );
  const old = (invitations ?? []).filter(
    ({ status, createdAt }) =>
      status === "PENDING" && services.clock.now() - Date.parse(createdAt ?? "") > 7 * 86_400_000,
  );
  if (old.length > 0)
    add(
      "INVITATION_OLD",
      "medium",
      "Invitations are unanswered for more than a week.",
      `${old.length} invitation(s)`,
      "Follow up, or re-invite with manage_cleanroom_lifecycle.",
    );
  if (room.endAt !== undefined && Date.parse(room.endAt) < services.clock.now())
    add(
      "ROOM_ENDED",
      "high",
      "The clean room's end has passed.",
      `end ${room.endAt}`,
      "Move its end with manage_cleanroom_lifecycle, action update.",
    );
  return findings;
}

export async function judgeQuestion({ habu }: Facts, question: RoomQuestion): Promise<Finding[]> {
  const unseen: string[] = [];
  const bindings = await visible("datasets", () => listBindings(habu, question.id), unseen);
  const findings: Finding[] = (bindings ?? [])
    .filter(({ datasetId }) => datasetId === "")
    .map(({ macro, organisationName, dataType }) => ({
      rule: "DATASET_MISSING",
      severity: "high",
      subject: question.displayId,
      cause:
        organisationName === ""
          ? `@${macro} has no owner and no dataset.`
          : `@${macro} waits for ${organisationName}.`,
      evidence: `status ${question.status}, data type ${dataType}`,
      fix:
        organisationName === ""
          ? "Assign owner and dataset with deploy_analytics_question."
          : "The owner assigns a dataset in the console; ours are assigned with deploy_analytics_question.",
    }));
  for (const { macro, datasetId, fields } of bindings ?? []) {
    const open = datasetId === "" ? [] : fields.filter(({ value }) => value === "");
    if (open.length > 0)
      findings.push({
        rule: "FIELDS_UNMAPPED",
        severity: "medium",
        subject: question.displayId,
        cause: `Fields of @${macro} are not mapped.`,
        evidence: open.map(({ name }) => name).join(", "),
        fix: "Map them with deploy_analytics_question, fields.",
      });
  }
  if (question.status !== "READY" && findings.length === 0)
    findings.push({
      rule: "NOT_READY",
      severity: "high",
      subject: question.displayId,
      cause: "The question cannot run.",
      evidence: `status ${question.status}${unseen.length > 0 ? `; ${unseen.join("; ")}` : ""}`,
      fix: "Look at it in the console.",
    });
  return findings;
}

export async function judgeRun(
  { habu, services }: Facts,
  question: RoomQuestion,
  run: Run,
): Promise<Finding[]> {
  const path = { cleanroomQuestionRunId: run.id };
  const subject = `${question.displayId} run ${run.name || run.id}`;
  const findings: Finding[] = [];
  const parameters = await listParameters(habu, question.id);
  const absent = parameters.filter(
    ({ name, defaultValue }) => run.parameters[name] === undefined && defaultValue === undefined,
  );
  if (hasFailed(run.status)) {
    const unseen: string[] = [];
    const audit = await visible("audit", () => habu.call("getCleanroomQuestionRunAudit", { path }), unseen);
    const plan = await visible(
      "plan",
      () => habu.call("getCleanroomQuestionRunExplainPlan", { path }).catch(explainRefused),
      unseen,
    );
    const last = audit?.auditDetails?.at(-1);
    findings.push({
      rule: ruleOfFailure(run.failureReason ?? ""),
      severity: "high",
      subject,
      cause: run.failureReason ?? "The platform gave no reason.",
      evidence: [
        `status ${run.status}`,
        last === undefined ? "" : `last event ${last.eventType} ${last.message}`,
        plan?.errorMessage ?? "",
      ]
        .filter((text) => text !== "")
        .join("; "),
      fix: run.isRetryable
        ? "The platform calls it retryable: run again, it costs a slot."
        : fixOfFailure(run.failureReason ?? ""),
    });
  }
  if (run.status === "COMPLETED") {
    const rows = await countRows(habu, run.id);
    if (rows === 0) {
      findings.push({
        rule: absent.length > 0 ? "PARAMETERS_MISSING" : "NO_ROWS",
        severity: "high",
        subject,
        cause:
          absent.length > 0
            ? "The run completed without rows because parameters were missing."
            : "The run completed without rows although it had its parameters.",
        evidence:
          absent.length > 0
            ? `missing ${absent.map(({ name }) => name).join(", ")}`
            : `parameters ${Object.keys(run.parameters).join(", ") || "none"}; ${await filterNote(habu, question)}`,
        fix:
          absent.length > 0
            ? "Run it with execute_question_workflow, which asks for all of them."
            : "Widen dates or filters; check that both datasets share identifiers.",
      });
    }
  }
  if (
    !isOver(run.status) &&
    run.submittedAt !== undefined &&
    services.clock.now() - Date.parse(run.submittedAt) > 6 * 3_600_000
  ) {
    findings.push({
      rule: "RUN_STUCK",
      severity: "medium",
      subject,
      cause: "The run has not ended for more than six hours.",
      evidence: `status ${run.status}, submitted ${run.submittedAt}`,
      fix: "It cannot be cancelled; tell support with escalate.",
    });
  }
  return findings;
}

/** No plan is a fact too. */
function explainRefused(error: unknown): { errorMessage?: string } {
  if (isToolError(error) && (error.details?.reason === "REJECTED" || error.code === "NOT_FOUND"))
    return { errorMessage: error.message };
  throw error;
}

const failures: readonly (readonly [RegExp, string, string])[] = [
  [
    /column|field/i,
    "COLUMN_UNKNOWN",
    "Map the field again (deploy_analytics_question, fields) or correct the SQL.",
  ],
  [
    /permission|denied|unauthori[sz]ed|credential/i,
    "DATA_ACCESS",
    "Check the credential of the data connection, then retry it.",
  ],
  [/memory|capacity|timeout|timed out/i, "CAPACITY", "Raise the compute capacity or narrow the dates."],
  [/syntax|parse/i, "SQL_INVALID", "Correct the SQL of the question."],
];

const ruleOfFailure = (reason: string): string =>
  failures.find(([pattern]) => pattern.test(reason))?.[1] ?? "RUN_FAILED";
const fixOfFailure = (reason: string): string =>
  failures.find(([pattern]) => pattern.test(reason))?.[2] ?? "Remove the cause named, then run again.";

async function filterNote(habu: Habu, question: RoomQuestion): Promise<string> {
  const datasets = await visible("datasets", () => listDatasets(habu, question.roomId), []);
  const filtered = (datasets ?? []).filter(({ filters }) => filters > 0).length;
  return `${filtered} dataset(s) of the room are filtered`;
}
