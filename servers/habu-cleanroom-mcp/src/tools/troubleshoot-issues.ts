import { ToolError } from "@mcp-data/core";
import { diagnose } from "../knowledge/diagnose.ts";
import { bundle } from "../knowledge/escalation.ts";
import { type Finding, ranked } from "../knowledge/finding.ts";
import { type Input, shape } from "../knowledge/input.ts";
import { nextOf } from "../knowledge/next-calls.ts";
import type { Work } from "../workflow/work.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";

export const troubleshootIssues = workflowTool({
  name: "troubleshoot_issues",
  title: "Find what is wrong",
  description:
    "Diagnoses a run, question, room, connection or the sign-in by rules: evidence and fix for each finding.",
  group: "operations",
  kind: "read",
  files: ["resolved"],
  needs: [],
  uses: [
    ...([
      "getHealth",
      "getAllCleanrooms",
      "getAllCleanroomQuestions",
      "getCleanroomQuestionById",
      "getAllCleanroomQuestionDatasets",
      "getCleanroomQuestionParameters",
    ] as const),
    ...([
      "getAllCleanroomQuestionRuns",
      "getCleanroomQuestionRunById",
      "getCleanroomQuestionRunAudit",
      "getCleanroomQuestionRunExplainPlan",
    ] as const),
    ...([
      "getAllDataConnections",
      "getAllFieldConfigurations",
      "getCleanroomUsers",
      "getCleanroomDatasets",
      "listPartnerInvitationsForInviter",
      "getAllCleanroomPartners",
      "getCleanroomQuestionRunDataCount",
    ] as const),
  ],
  input: shape,
  words: {
    cleanroom: "id or name",
    question: "id or name",
    run: "id or name",
    connection: "id or name",
    symptom: "in words",
    escalate: "add a bundle",
    resolved: "{rule, how}",
  },
  timeoutMs: 120_000,
  async run(work) {
    const { input, services } = work;
    if (input.resolved !== undefined) {
      if (services.knowledge === undefined) {
        throw new ToolError("UNSUPPORTED", "This server keeps no notes on what resolved findings.", {
          hint: "The operator turns it on with HABU_KNOWLEDGE=1.",
          details: { reason: "KNOWLEDGE_OFF" },
        });
      }
      services.knowledge.add({
        at: new Date(services.clock.now()).toISOString(),
        rule: input.resolved.rule,
        how: input.resolved.how,
        principal: work.principal.id,
      });
      return work.end({ summary: `Noted what resolved ${input.resolved.rule}.` });
    }
    const checked: string[] = [];
    const findings = withNotes(work, ranked(await diagnose(work, checked)));
    const [worst] = findings;
    return work.end({
      summary:
        worst === undefined
          ? `Nothing wrong was found in ${checked.join(", ")}.`
          : `${findings.length} finding(s); first: ${worst.subject}: ${worst.cause}`,
      result: {
        findings,
        checked,
        ...(input.escalate === true ? { escalation: bundle(work, findings, checked) } : {}),
        ...(services.knowledge === undefined
          ? {}
          : { notes: "After a fix, call again with resolved to keep what helped." }),
      },
      next: nextOf(findings, input),
    });
  },
});

function withNotes({ services }: Work<Input>, findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => {
    const notes = services.knowledge?.recent(3, (entry) => entry.rule === finding.rule) ?? [];
    return notes.length === 0
      ? finding
      : { ...finding, resolved_before: notes.map(({ how }) => String(how)) };
  });
}
