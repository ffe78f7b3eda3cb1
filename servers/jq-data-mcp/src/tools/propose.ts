import { type ToolContext, ToolError } from "@mcp-data/core";
import type { Definition } from "../library/definitions.ts";
import type { Services } from "../services.ts";
import { describeProposal, shortDiff } from "./proposal-answer.ts";

/** UNSUPPORTED where the operator wants no proposals. */
export async function propose(
  { services, principal }: ToolContext<Services>,
  definition: Definition,
  justification: string,
) {
  if (!services.learning)
    throw new ToolError("UNSUPPORTED", "Proposals are switched off.", {
      hint: "The operator sets team.learning.",
    });
  const proposal = await services.proposals.propose(services.userOf(principal), definition, justification);
  return {
    data: describeProposal(proposal, services, shortDiff),
    audit: { proposal: proposal.id, item: proposal.item },
  };
}
