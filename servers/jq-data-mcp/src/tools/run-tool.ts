import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "../services.ts";
import { argumentsField, cursorField, datasetField, limitField, nameField, readHints, readScope } from "./fields.ts";
import { answerRun, resultOutput } from "./result-answer.ts";
import { requestOf } from "./tool-request.ts";

export const runTool = defineTool({
  name: "run_tool",
  title: "Run a library tool",
  description:
    "Runs an approved tool on a dataset with typed arguments and returns its values, cut to a page with a cursor. Prefer it to query when search_library finds a tool that fits.",
  input: z.strictObject({
    name: nameField,
    arguments: argumentsField,
    dataset: datasetField.optional(),
    limit: limitField,
    cursor: cursorField,
  }),
  output: resultOutput,
  annotations: readHints,
  scopes: readScope,
  group: "team",
  timeoutMs: 3_700_000,
  async run(input, { services, principal, signal }: ToolContext<Services>) {
    const user = services.userOf(principal);
    const tool = services.reader.findTool(input.name);
    const request = requestOf(services, tool, { user: user.id, arguments: input.arguments, dataset: input.dataset, signal });
    return answerRun({
      services, principal, tool: "run_tool", of: [tool.id, request.dataset, input.arguments ?? {}], cursor: input.cursor, limit: input.limit,
      run: () => services.runner.run(request),
    });
  },
});
