import { defineTool, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import { caseSchema } from "../library/definitions.ts";
import { buildProgram, closureOf } from "../program/closure.ts";
import { freeParameters } from "../program/parameters.ts";
import { policyWarnings } from "../program/policy.ts";
import { tokenize } from "../program/tokens.ts";
import type { Services } from "../services.ts";
import { casesField, parseBody } from "./body-fields.ts";
import { argumentsField, datasetField, modeField, programField, readHints, readScope } from "./fields.ts";

export const testProgram = defineTool({
  name: "test_program",
  title: "Test a program",
  description:
    "Compiles a program, tells what it needs, and runs cases or a sample. Use it before propose_tool.",
  input: z.strictObject({
    program: programField,
    dataset: datasetField.optional(),
    arguments: argumentsField,
    input_mode: modeField.default("whole"),
    cases: casesField,
  }),
  output: z.object({
    valid: z.literal(true),
    functions: z.array(z.string()),
    parameters: z.array(z.string()),
    compiled: untrusted(z.string()),
    cases: untrusted(
      z.array(
        z.object({
          name: z.string(),
          ok: z.boolean(),
          got: z.array(z.unknown()).optional(),
          error: z.string().optional(),
        }),
      ),
    ),
    sample: untrusted(z.array(z.unknown())).optional(),
    each_gives_the_same: z.boolean().optional(),
  }),
  annotations: readHints,
  scopes: readScope,
  group: "team",
  async run(input, { services, principal, signal }: ToolContext<Services>) {
    const { program, input_mode: mode } = input;
    const cases = parseBody(z.array(caseSchema), input.cases);
    const { id } = services.userOf(principal);
    const needs = await services.compiler.program(program, id);
    const parameters = freeParameters(needs.variables, false);
    const parts = { owner: id, signal, program, uses: needs.functions, parameters, cases };
    const results = await services.examiner.runCases({ ...parts, mode });
    const each =
      mode === "whole" && cases.length > 0
        ? await services.examiner.runCases({ ...parts, mode: "each" })
        : undefined;
    const same = each?.every(({ ok }) => ok) && results.every(({ ok }) => ok);
    const sample =
      input.dataset === undefined
        ? undefined
        : await services.runner.run({
            user: id,
            program,
            uses: needs.functions,
            parameters,
            arguments: input.arguments,
            mode,
            dataset: input.dataset,
            signal,
          });
    const head = sample?.result.read(0, 8_000).toString().split("\n").slice(0, 6);
    return {
      data: {
        valid: true as const,
        functions: [...needs.functions],
        parameters: [...needs.variables],
        compiled: buildProgram(program, closureOf(needs.functions, services.reader)).text.slice(0, 8_000),
        cases: results.map(({ got, ...one }) => (got === undefined ? one : { ...one, got: [...got] })),
        ...(head === undefined ? {} : { sample: head.flatMap(parseWhole).slice(0, 5) }),
        ...(each === undefined ? {} : { each_gives_the_same: same === true }),
      },
      warnings: [
        ...policyWarnings(tokenize(program).tokens, mode),
        ...(same === true ? ['Mode "each" gives the same on every case and works on data of any size.'] : []),
      ],
    };
  },
});

function parseWhole(line: string): unknown[] {
  try {
    return line === "" ? [] : [JSON.parse(line)];
  } catch {
    return [`${line.slice(0, 500)}…`];
  }
}
