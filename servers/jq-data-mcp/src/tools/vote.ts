import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "../services.ts";
import { addHints, writeScope } from "./fields.ts";
import { describeProposal, proposalOutput } from "./proposal-answer.ts";

export const vote = defineTool({
  name: "vote",
  title: "Vote on a proposal",
  description:
    "Votes on an open proposal; with enough approvals it is tested again and active for everybody. Vote only as the person you act for decided.",
  input: z.strictObject({
    proposal_id: z.string().describe("Its id."),
    vote: z.enum(["approve", "reject", "none"]).describe("none: take back."),
    comment: z.string().max(1_000).optional().describe("Shown to all."),
  }),
  output: proposalOutput,
  annotations: addHints,
  scopes: writeScope,
  group: "team",
  async run(input, { services, principal }: ToolContext<Services>) {
    const proposal = await services.proposals.vote(
      services.userOf(principal),
      input.proposal_id,
      input.vote,
      input.comment,
    );
    return {
      data: describeProposal(proposal, services, 0),
      audit: { proposal: proposal.id, status: proposal.status },
    };
  },
});
