import { digest } from "@mcp-data/core";
import { z } from "zod";
import { inputModes } from "../engine/engine.ts";
import { parameterSchema } from "../program/parameters.ts";

const nameSchema = z
  .string()
  .regex(/^[A-Za-z]\w{0,62}$/)
  .describe("Identifier.");

export const caseSchema = z.strictObject({
  name: z.string().max(100).optional().describe("What it shows."),
  input: z.unknown().optional().describe("The input; null when absent."),
  arguments: z.record(z.string(), z.unknown()).optional().describe("Values of parameters."),
  call: z
    .string()
    .max(2_000)
    .optional()
    .describe("For functions: the program that calls it, such as f(.a; 2)."),
  expect: z.array(z.unknown()).describe("Exactly the values that come out."),
});

export type Case = z.output<typeof caseSchema>;

const common = {
  name: nameSchema,
  description: z.string().max(1_000).default("").describe("What it is for."),
  parameters: z.array(parameterSchema).max(30).default([]).describe("Typed parameters."),
  cases: z.array(caseSchema).max(50).default([]).describe("Test cases."),
  pins: z.record(z.string(), z.string()).optional().describe("Versions fixed for functions it calls."),
};

export const functionBodySchema = z.strictObject({
  ...common,
  definition: z.string().min(1).max(20_000).describe("One def, ending with ;."),
  depends_on: z
    .array(z.string())
    .optional()
    .describe("Names it is said to call; compared with what it calls."),
});

export const toolBodySchema = z.strictObject({
  ...common,
  program: z.string().min(1).describe("jq program; parameters are $name."),
  datasets: z.array(z.string()).default([]).describe("Where it may run; empty: any."),
  input_mode: z.enum(inputModes).default("whole").describe("whole, each element, or reduce (reads inputs)."),
  required_functions: z.array(z.string()).optional().describe("Functions it is said to call."),
  migrate: z.boolean().optional().describe("Run old data through the dataset's migration functions first."),
});

export type FunctionBody = z.output<typeof functionBodySchema>;
export type ToolBody = z.output<typeof toolBodySchema>;

export type Definition =
  | { readonly kind: "function"; readonly key: string; readonly arity: number; readonly body: FunctionBody }
  | { readonly kind: "tool"; readonly key: string; readonly body: ToolBody };

export function itemOf(definition: Pick<Definition, "kind" | "key">): string {
  return `${definition.kind}:${definition.key}`;
}

/** Bound to what it replaces: the same text put back later is another version. */
export function versionId(item: string, body: unknown, base: string | null): string {
  return digest([item, body, base]).slice(0, 16);
}

export type Source = "yaml" | "learned" | "manual";
