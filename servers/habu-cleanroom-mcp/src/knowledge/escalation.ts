import { redactText } from "@mcp-data/core";
import type { Work } from "../workflow/work.ts";
import type { Finding } from "./finding.ts";
import type { Input } from "./input.ts";

/** What support needs, without names of people, values or secrets. */
export function bundle(
  { input, services, habu }: Work<Input>,
  findings: readonly Finding[],
  checked: readonly string[],
) {
  return {
    request_id: habu.requestId,
    at: new Date(services.clock.now()).toISOString(),
    server_version: services.version,
    environment: services.environment,
    symptom: redactText(input.symptom ?? ""),
    ids: {
      run: input.run,
      question: input.question,
      cleanroom: input.cleanroom,
      connection: input.connection,
    },
    findings: findings.map(({ rule, severity, evidence }) => ({ rule, severity, evidence })),
    checked,
    circuit: services.transport.circuit,
    budgets: {
      tokens: services.tokens.budget().issued_last_24h,
      question_runs: services.ledger.use("question").used,
    },
    upstream_calls: habu.spent.calls,
  };
}
