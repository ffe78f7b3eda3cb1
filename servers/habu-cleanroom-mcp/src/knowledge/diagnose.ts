import { ToolError } from "@mcp-data/core";
import { allQuestions, findQuestion, listRoomQuestions, type RoomQuestion } from "../habu/questions.ts";
import { isUuid } from "../habu/resolve.ts";
import { findRoom } from "../habu/rooms.ts";
import { hasFailed, listRuns } from "../habu/runs.ts";
import type { Work } from "../workflow/work.ts";
import { judgeAccess } from "./access-rules.ts";
import { judgeConnections } from "./connection-rules.ts";
import type { Finding } from "./finding.ts";
import type { Input } from "./input.ts";
import { judgeQuestion } from "./question-rules.ts";
import { judgeRoom } from "./room-rules.ts";
import { judgeRun } from "./run-rules.ts";

export async function diagnose(work: Work<Input>, checked: string[]): Promise<Finding[]> {
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
