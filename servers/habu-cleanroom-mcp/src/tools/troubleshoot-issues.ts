import { redactText, ToolError } from "@mcp-data/core";
import { z } from "zod";
import { allQuestions, findQuestion, listRoomQuestions, type RoomQuestion } from "../habu/questions.ts";
import { isUuid } from "../habu/resolve.ts";
import { findRoom } from "../habu/rooms.ts";
import { hasFailed, listRuns } from "../habu/runs.ts";
import { judgeAccess, judgeConnections, judgeQuestion, judgeRoom, judgeRun } from "../knowledge/diagnose.ts";
import { type Finding, ranked } from "../knowledge/finding.ts";
import type { NextCall } from "../workflow/next-call.ts";
import type { Work } from "../workflow/work.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";
import { reference, text } from "./fields.ts";

const shape = {
  cleanroom: reference.optional(),
  question: reference.optional(),
  run: text(100).optional(),
  connection: reference.optional(),
  symptom: text(500).optional(),
  escalate: z.boolean().optional(),
  resolved: z.strictObject({ rule: text(60), how: text(500) }).optional(),
};
type Input = z.output<z.ZodObject<typeof shape>>;

export const troubleshootIssues = workflowTool({
  name: "troubleshoot_issues",
  title: "Find what is wrong",
  description:
    "Diagnoses a run, question, room, connection or the sign-in by rules: evidence and fix for each finding.",
  group: "operations",
  kind: "read",
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
      "getCleanroomQuestionRunPartitionParameters",
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

async function diagnose(work: Work<Input>, checked: string[]): Promise<Finding[]> {
  const { input, habu, services } = work;
  const facts = { habu, services };
  const findings: Finding[] = [...(await judgeAccess(facts))];
  checked.push("sign-in and budgets");
  // Nothing else can be asked then.
  if (findings.some(({ subject }) => subject === "sign-in")) return findings;
  if (
    input.connection !== undefined ||
    (input.question === undefined && input.run === undefined && input.cleanroom === undefined)
  ) {
    checked.push(input.connection === undefined ? "data connections" : "the data connection");
    findings.push(...(await judgeConnections(facts, input.connection)));
  }
  const question = await questionOf(work);
  if (question !== undefined) {
    checked.push(`question ${question.displayId}`);
    findings.push(...(await judgeQuestion(facts, question)));
    const { runs } = await listRuns(habu, question.id);
    const run =
      input.run === undefined ? runs[0] : runs.find(({ id, name }) => id === input.run || name === input.run);
    if (run !== undefined) {
      checked.push("its run");
      findings.push(...(await judgeRun(facts, question, run)));
    } else if (input.run !== undefined)
      findings.push({
        rule: "RUN_UNKNOWN",
        severity: "medium",
        subject: input.run,
        cause: "The question has no run of this id or name among its newest 100.",
        evidence: `${runs.length} runs listed`,
        fix: "Name the run by its id, or leave it out for the newest.",
      });
  }
  if (input.cleanroom !== undefined) {
    const room = await findRoom(habu, input.cleanroom);
    checked.push(`clean room ${room.displayId}`);
    findings.push(...(await judgeRoom(facts, room)));
    if (input.question === undefined) {
      for (const one of (await listRoomQuestions(habu, room.id)).slice(0, 15)) {
        checked.push(`question ${one.displayId}`);
        findings.push(...(await judgeQuestion(facts, one)));
        const { runs } = await listRuns(habu, one.id);
        // The newest failure and the newest empty result are worth a look each.
        for (const run of runs
          .filter(({ status }) => hasFailed(status) || status === "COMPLETED")
          .slice(0, 2))
          findings.push(...(await judgeRun(facts, one, run)));
      }
    }
  }
  return findings;
}

async function questionOf({ input, habu }: Work<Input>): Promise<RoomQuestion | undefined> {
  if (input.question !== undefined) return findQuestion(habu, input.question, input.cleanroom);
  if (input.run === undefined) return undefined;
  if (!isUuid(input.run))
    throw new ToolError("VALIDATION_ERROR", "Name the question of the run too.", {
      hint: "A run's name is not unique.",
    });
  for (const question of await allQuestions(habu)) {
    const { runs } = await listRuns(habu, question.id);
    if (runs.some(({ id }) => id === input.run)) return question;
  }
  throw new ToolError("NOT_FOUND", "No visible question has this run among its newest 100.", {
    hint: "Name its question.",
  });
}

function withNotes({ services }: Work<Input>, findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => {
    const notes = services.knowledge?.recent(3, (entry) => entry.rule === finding.rule) ?? [];
    return notes.length === 0
      ? finding
      : { ...finding, resolved_before: notes.map(({ how }) => String(how)) };
  });
}

/** What support needs, without names of people, values or secrets. */
function bundle(
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

function nextOf(findings: readonly Finding[], input: Input): NextCall[] {
  return [...new Set(findings.map(({ rule }) => rule))].slice(0, 4).flatMap((rule): NextCall[] => {
    if (rule.startsWith("CONNECTION_"))
      return [
        { tool: "manage_data_integration", why: "mend the connection", arguments: { action: "health" } },
      ];
    if (rule === "DATASET_MISSING")
      return [
        {
          tool: "deploy_analytics_question",
          why: "assign the datasets",
          arguments: {
            ...(input.cleanroom === undefined ? {} : { cleanroom: input.cleanroom }),
            ...(input.question === undefined ? {} : { question: input.question }),
          },
        },
      ];
    if (rule === "PARAMETERS_MISSING" && input.question !== undefined)
      return [
        {
          tool: "execute_question_workflow",
          why: "run it with all parameters",
          arguments: { question: input.question },
        },
      ];
    return [];
  });
}
