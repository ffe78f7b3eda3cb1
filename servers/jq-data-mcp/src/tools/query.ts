import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import { defaultMode } from "../datasets/default-mode.ts";
import { freeParameters } from "../program/parameters.ts";
import type { Services } from "../services.ts";
import { explainRun } from "./explain.ts";
import {
  argumentsField,
  cursorField,
  datasetField,
  limitField,
  modeField,
  programField,
  readHints,
  readScope,
} from "./fields.ts";
import { answerRun, resultOutput } from "./result-answer.ts";

export const query = defineTool({
  name: "query",
  title: "Run a jq program",
  description:
    "Runs your own jq 1.8 program on a dataset; library functions are callable by name. Pass values as arguments ($name). Big data needs mode each or reduce.",
  input: z.strictObject({
    dataset: datasetField,
    program: programField,
    arguments: argumentsField,
    input_mode: modeField.optional(),
    explain: z.boolean().default(false).describe("Return the plan instead of running."),
    limit: limitField,
    cursor: cursorField,
  }),
  output: resultOutput.partial().extend({
    plan: z.record(z.string(), z.unknown()).optional(),
    input_mode: z.string(),
  }),
  annotations: readHints,
  scopes: readScope,
  group: "team",
  timeoutMs: 3_700_000,
  async run(input, { services, principal, signal, progress }: ToolContext<Services>) {
    const user = services.userOf(principal);
    const needs = await services.compiler.program(input.program, user.id);
    const mode = input.input_mode ?? (await defaultMode(services.datasets, input.dataset));
    const request = {
      user: user.id,
      program: input.program,
      uses: needs.functions,
      parameters: freeParameters(needs.variables),
      arguments: input.arguments,
      mode,
      dataset: input.dataset,
      signal,
    };
    if (input.explain) return { data: { plan: await explainRun(services, request), input_mode: mode } };
    const answer = await answerRun({
      services,
      principal,
      tool: "query",
      of: [input.program, input.dataset, input.arguments ?? {}, mode],
      cursor: input.cursor,
      limit: input.limit,
      progress,
      run: () => services.runner.run(request),
    });
    return { ...answer, data: { ...answer.data, input_mode: mode } };
  },
});
