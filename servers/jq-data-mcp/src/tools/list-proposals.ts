import { defineTool, page, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import { proposalStatuses } from "../library/proposal.ts";
import type { Services } from "../services.ts";
import { cursorField, readHints, readScope } from "./fields.ts";
import { describeProposal, longDiff, proposalOutput, shortDiff } from "./proposal-answer.ts";

export const listProposals = defineTool({
  name: "list_proposals",
  title: "List proposals",
  description:
    "Returns proposals, newest first, with tests, what they would break, votes and the difference.",
  input: z.strictObject({
    status: z
      .enum([...proposalStatuses, "all"])
      .default("open")
      .describe("Only these."),
    id: z.string().optional().describe("Only this one."),
    cursor: cursorField,
  }),
  output: z.object({ proposals: z.array(proposalOutput) }),
  annotations: readHints,
  scopes: readScope,
  group: "team",
  async run({ status, id, cursor }, { services, principal }: ToolContext<Services>) {
    if (id !== undefined)
      return { data: { proposals: [describeProposal(services.proposals.get(id), services, longDiff)] } };
    const binding = { tool: "list_proposals", principal: principal.id, of: [status] };
    const offset = cursor === undefined ? 0 : services.cursors.open(cursor, binding, z.int().min(0));
    const { proposals, total } = services.proposals.list({
      status: status === "all" ? undefined : status,
      offset,
      limit: 50,
    });
    const shown = proposals.map((proposal) =>
      describeProposal(proposal, services, proposal.status === "open" ? shortDiff : 0),
    );
    const { items, page: meta } = page(shown, {
      limit: 50,
      offset,
      total,
      more: total > offset + 50,
      mint: (at) => services.cursors.mint(binding, at),
    });
    return { data: { proposals: items }, page: meta };
  },
});
