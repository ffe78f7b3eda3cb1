import { defineTool, type ToolContext } from "@mcp-data/core";
import { toolBodySchema } from "../library/definitions.ts";
import type { Services } from "../services.ts";
import { casesField, parametersField, parseBody } from "./body-fields.ts";
import { addHints, justificationField, writeScope } from "./fields.ts";
import { proposalOutput } from "./proposal-answer.ts";
import { propose } from "./propose.ts";

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
  async run({ justification, ...given }, context: ToolContext<Services>) {
    const body = parseBody(toolBodySchema, given);
    return propose(context, { kind: "tool", key: body.name, body }, justification);
  },
});
