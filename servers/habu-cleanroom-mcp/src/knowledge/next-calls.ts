import type { NextCall } from "../workflow/next-call.ts";
import type { Finding } from "./finding.ts";
import type { Input } from "./input.ts";

export function nextOf(findings: readonly Finding[], input: Input): NextCall[] {
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
