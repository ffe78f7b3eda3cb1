import { isToolError } from "@mcp-data/core";
import { missingPermission } from "../client/permission.ts";
import type { OperationId } from "../contract/operations.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";

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
