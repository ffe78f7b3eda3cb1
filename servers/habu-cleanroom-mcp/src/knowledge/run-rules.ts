import { isToolError } from "@mcp-data/core";
import type { Habu } from "../client/habu-client.ts";
import { listDatasets } from "../habu/bindings.ts";
import { listParameters } from "../habu/parameters.ts";
import type { RoomQuestion } from "../habu/questions.ts";
import { hasFailed, isOver, type Run } from "../habu/runs.ts";
import { visible } from "../habu/visible.ts";
import { countRows } from "../results/table.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";

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
