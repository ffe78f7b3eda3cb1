import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "../services.ts";
import { definitionOutput, describeVersion } from "./definition-answer.ts";
import { nameField, readHints, readScope, versionField } from "./fields.ts";

export const getTool = defineTool({
  name: "get_tool",
  title: "Get a tool",
  description: "Returns one library tool in full: program, parameters, datasets, test cases, versions and use. run_tool runs it.",
  input: z.strictObject({ name: nameField, version: versionField }),
  output: definitionOutput,
  annotations: readHints,
  scopes: readScope,
  group: "team",
  async run({ name, version }, { services }: ToolContext<Services>) {
    return { data: describeVersion(services.reader.findTool(name, version), services) };
  },
});
