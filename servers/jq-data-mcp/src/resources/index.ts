import {
  defineResource,
  fenceUntrusted,
  type ResourceDefinition,
  ToolError,
  untrusted,
} from "@mcp-data/core";
import { z } from "zod";
import { resultOf } from "../results/result-of.ts";
import type { Services } from "../services.ts";
import { describeProposal, proposalDiff, proposalOutput } from "../tools/proposal-answer.ts";

const scopes = ["data:read"];
const maxResultBytes = 4 * 1024 * 1024;

const library = z.object({
  entries: untrusted(
    z.array(z.object({ item: z.string(), description: z.string(), updated_at: z.string().nullable() })),
  ),
});

export const resources: readonly ResourceDefinition<Services>[] = [
  defineResource<Services>({
    name: "library",
    title: "The library",
    description: "Every active function and tool with its description; subscribe to hear of changes.",
    uriTemplate: "jq-data://library",
    mimeType: "application/json",
    scopes,
    async read(_variables, { services }) {
      const entries = services.reader
        .items()
        .map(({ item, description, updated_at }) => ({ item, description, updated_at }));
      return { mimeType: "application/json", text: JSON.stringify(fenceUntrusted(library, { entries })) };
    },
  }),
  defineResource<Services>({
    name: "proposals",
    title: "Open proposals",
    description: "What is being voted on; subscribe to hear of proposals and votes.",
    uriTemplate: "jq-data://proposals",
    mimeType: "application/json",
    scopes,
    async read(_variables, { services }) {
      const open = services.proposals
        .list({ status: "open", limit: 100 })
        .proposals.map((proposal) => describeProposal(proposal, services, 0));
      const fenced = fenceUntrusted(z.object({ proposals: z.array(proposalOutput) }), { proposals: open });
      return { mimeType: "application/json", text: JSON.stringify(fenced) };
    },
  }),
  defineResource<Services>({
    name: "proposal",
    title: "A proposal in full",
    description: "Every line a proposal would change, for whoever votes on it, however long it is.",
    uriTemplate: "jq-data://proposals/{id}",
    mimeType: "application/json",
    scopes,
    async read({ id = "" }, { services }) {
      const proposal = services.proposals.get(id);
      const whole = { ...describeProposal(proposal, services, 0), diff: proposalDiff(proposal, services) };
      return { mimeType: "application/json", text: JSON.stringify(fenceUntrusted(proposalOutput, whole)) };
    },
  }),
  defineResource<Services>({
    name: "result",
    title: "A whole result",
    description:
      "Everything a run gave, one JSON text per line, for the one who ran it and as long as it is kept.",
    uriTemplate: "jq-data://results/{id}",
    mimeType: "application/x-ndjson",
    scopes,
    async read({ id = "" }, { services, principal }) {
      const result = resultOf(services, principal, id);
      if (result.bytes > maxResultBytes) {
        throw new ToolError(
          "RESULT_TOO_LARGE",
          `The result has ${result.bytes} bytes; a resource takes ${maxResultBytes}.`,
          {
            hint: `Page with the cursor, or over HTTP fetch /results/${id}.`,
          },
        );
      }
      return { mimeType: "application/x-ndjson", text: result.read(0, result.bytes).toString() };
    },
  }),
];
