import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "../services.ts";
import { explainRun } from "./explain.ts";
import {
  argumentsField,
  cursorField,
  datasetField,
  limitField,
  nameField,
  readHints,
  readScope,
} from "./fields.ts";
import { answerRun, resultOutput } from "./result-answer.ts";
import { requestOf } from "./tool-request.ts";

export const runTool = defineTool({
  name: "run_tool",
  title: "Run a library tool",
  description: "Runs any approved tool, listed as t_NAME or not.",
  input: z.strictObject({
    name: nameField,
    arguments: argumentsField,
    dataset: datasetField.optional(),
    explain: z.boolean().default(false).describe("Plan only."),
    limit: limitField,
    cursor: cursorField,
  }),
  output: resultOutput.partial().extend({ plan: z.record(z.string(), z.unknown()).optional() }),
  annotations: readHints,
  scopes: readScope,
  group: "team",
  timeoutMs: 3_700_000,
  async run(input, { services, principal, signal, progress }: ToolContext<Services>) {
    const user = services.userOf(principal);
    const tool = services.reader.findTool(input.name);
    const request = requestOf(services, tool, {
      user: user.id,
      arguments: input.arguments,
      dataset: input.dataset,
      signal,
    });
    if (input.explain) return { data: { plan: await explainRun(services, request, tool.body.cases) } };
    return answerRun({
      services,
      principal,
      tool: "run_tool",
      of: [tool.id, request.dataset, input.arguments ?? {}],
      cursor: input.cursor,
      limit: input.limit,
      progress,
      run: () => services.runner.run(request),
    });
  },
});
