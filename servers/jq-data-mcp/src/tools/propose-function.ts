import { defineTool, type ToolContext } from "@mcp-data/core";

import { functionBodySchema } from "../library/definitions.ts";
import { parseDefinition } from "../program/definition.ts";
import type { Services } from "../services.ts";
import { functionCasesField, parseBody } from "./body-fields.ts";
import { addHints, justificationField, writeScope } from "./fields.ts";
import { proposalOutput } from "./proposal-answer.ts";
import { propose } from "./propose.ts";

export const proposeFunction = defineTool({
  name: "propose_function",
  title: "Propose a function",
  description: "Tests one jq def, and what calls it, and puts it to the vote of others.",
  input: functionBodySchema
    .omit({ name: true, depends_on: true, pins: true, parameters: true })
    .extend({ cases: functionCasesField, justification: justificationField }),
  output: proposalOutput,
  annotations: addHints,
  scopes: writeScope,
  group: "team",
  async run({ justification, ...given }, context: ToolContext<Services>) {
    const { name, arity } = parseDefinition(given.definition);
    const body = parseBody(functionBodySchema, { name, ...given });
    return propose(context, { kind: "function", key: `${name}/${arity}`, arity, body }, justification);
  },
});
