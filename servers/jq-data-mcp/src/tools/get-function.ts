import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "../services.ts";
import { definitionOutput, describeVersion } from "./definition-answer.ts";
import { nameField, readHints, readScope, versionField } from "./fields.ts";

export const getFunction = defineTool({
  name: "get_function",
  title: "Get a function",
  description: "Returns one library function in full: its def, test cases, what it calls and who calls it. Programs call it by name; nothing has to be imported.",
  input: z.strictObject({
    name: nameField,
    arity: z.int().min(0).max(30).optional().describe("Number of parameters, when several exist."),
    version: versionField,
  }),
  output: definitionOutput,
  annotations: readHints,
  scopes: readScope,
  group: "team",
  async run({ name, arity, version }, { services }: ToolContext<Services>) {
    return { data: describeVersion(services.reader.findFunction(name, arity, version), services) };
  },
});
