import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "../services.ts";
import { addHints, writeScope } from "./fields.ts";
import { describeProposal, proposalOutput } from "./proposal-answer.ts";

export const vote = defineTool({
  name: "vote",
  title: "Vote on a proposal",
  description: "Approves, rejects or takes back your vote on an open proposal. With enough approvals its tests run once more and it becomes active for everybody. Vote only as the person you act for decided.",
  input: z.strictObject({
    proposal_id: z.string().min(1).max(80).describe("An id of list_proposals."),
    vote: z.enum(["approve", "reject", "none"]).describe("none takes a vote back."),
    comment: z.string().max(1_000).optional().describe("For the author and the others."),
  }),
  output: proposalOutput,
  annotations: addHints,
  scopes: writeScope,
  group: "team",
  async run(input, { services, principal }: ToolContext<Services>) {
    const proposal = await services.proposals.vote(services.userOf(principal), input.proposal_id, input.vote, input.comment);
    return { data: describeProposal(proposal, services, false), audit: { proposal: proposal.id, status: proposal.status } };
  },
});
