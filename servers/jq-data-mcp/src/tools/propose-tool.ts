import { defineTool, type ToolContext, ToolError } from "@mcp-data/core";

import { toolBodySchema } from "../library/definitions.ts";
import type { Services } from "../services.ts";
import { addHints, justificationField, writeScope } from "./fields.ts";
import { describeProposal, proposalOutput } from "./proposal-answer.ts";

export const proposeTool = defineTool({
  name: "propose_tool",
  title: "Propose a tool",
  description: "Tests an exact program and puts it before the team; others vote, and once approved everybody has it as a tool. Give cases with expected outputs. The same name proposes a new version.",
  input: toolBodySchema.omit({ required_functions: true, migrate: true, pins: true }).extend({ justification: justificationField }),
  output: proposalOutput,
  annotations: addHints,
  scopes: writeScope,
  group: "team",
  async run({ justification, ...body }, { services, principal }: ToolContext<Services>) {
    requireLearning(services);
    const proposal = await services.proposals.propose(services.userOf(principal), { kind: "tool", key: body.name, body }, justification);
    return { data: describeProposal(proposal, services, true), audit: { proposal: proposal.id, item: proposal.item } };
  },
});

export function requireLearning(services: Services): void {
  if (services.learning) return;
  throw new ToolError("UNSUPPORTED", "Proposals are switched off.", { hint: "The operator sets team.learning." });
}
