import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "../services.ts";
import { addHints, writeScope } from "./fields.ts";
import { describeProposal, proposalOutput } from "./proposal-answer.ts";

export const withdrawProposal = defineTool({
  name: "withdraw_proposal",
  title: "Withdraw a proposal",
  description:
    "Takes back an open proposal of your own; admins may take back anybody's. Votes on it stay in the history.",
  input: z.strictObject({ proposal_id: z.string().min(1).max(80).describe("An id of list_proposals.") }),
  output: proposalOutput,
  annotations: addHints,
  scopes: writeScope,
  group: "library",
  async run({ proposal_id }, { services, principal }: ToolContext<Services>) {
    return {
      data: describeProposal(
        services.proposals.withdraw(services.userOf(principal), proposal_id),
        services,
        0,
      ),
    };
  },
});
