import { defineTool, type ToolContext, ToolError } from "@mcp-data/core";

import { toolBodySchema } from "../library/definitions.ts";
import type { Services } from "../services.ts";
import { casesField, parametersField, parseBody } from "./body-fields.ts";
import { addHints, justificationField, writeScope } from "./fields.ts";
import { describeProposal, proposalOutput, shortDiff } from "./proposal-answer.ts";

export const proposeTool = defineTool({
  name: "propose_tool",
  title: "Propose a tool",
  description:
    "Tests a program and puts it to the vote of others; once approved everybody has it as a tool. The same name proposes a new version.",
  input: toolBodySchema
    .omit({ required_functions: true, migrate: true, pins: true })
    .extend({ parameters: parametersField, cases: casesField, justification: justificationField }),
  output: proposalOutput,
  annotations: addHints,
  scopes: writeScope,
  group: "team",
  async run({ justification, ...given }, { services, principal }: ToolContext<Services>) {
    requireLearning(services);
    const body = parseBody(toolBodySchema, given);
    const proposal = await services.proposals.propose(
      services.userOf(principal),
      { kind: "tool", key: body.name, body },
      justification,
    );
    return {
      data: describeProposal(proposal, services, shortDiff),
      audit: { proposal: proposal.id, item: proposal.item },
    };
  },
});

export function requireLearning(services: Services): void {
  if (services.learning) return;
  throw new ToolError("UNSUPPORTED", "Proposals are switched off.", {
    hint: "The operator sets team.learning.",
  });
}
