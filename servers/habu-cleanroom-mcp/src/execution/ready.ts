import { ToolError } from "@mcp-data/core";
import { listBindings } from "../habu/bindings.ts";
import { type RoomQuestion, readQuestion } from "../habu/questions.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

/** 412 would be the platform's answer; this one says what is missing and whose it is. */
export async function requireReady({ habu }: Work<Input>, question: RoomQuestion): Promise<void> {
  if (question.status === "READY") return;
  const now = await readQuestion(habu, question.id, { fresh: true });
  if (now.status === "READY") return;
  const open = (await listBindings(habu, question.id)).filter(({ datasetId }) => datasetId === "");
  throw new ToolError(
    "CONFLICT",
    `${question.displayId} cannot run: ${now.status}. Nothing was run and no slot was used.`,
    {
      hint: "Assign its datasets with deploy_analytics_question; partners assign theirs in the console.",
      details: {
        reason: "NOT_READY",
        missing: open
          .slice(0, 6)
          .map(({ macro, organisationName }) => `@${macro} of ${organisationName || "nobody yet"}`),
      },
    },
  );
}
