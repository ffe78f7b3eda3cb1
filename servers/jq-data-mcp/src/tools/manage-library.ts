import { defineTool, type ToolContext, ToolError } from "@mcp-data/core";
import { z } from "zod";
import { functionBodySchema, toolBodySchema } from "../library/definitions.ts";
import { parseDefinition } from "../program/definition.ts";
import type { Services } from "../services.ts";
import { changeHints, datasetField, nameField, writeScope } from "./fields.ts";
import { itemNamed } from "./get-history.ts";

export const manageLibrary = defineTool({
  name: "manage_library",
  title: "Manage the library",
  description:
    "For admins: puts a definition into the library at once, deletes an entry (its history stays), restores an old version as a new one, or names the function that brings a dataset's old shape to the next. Deleting asks first: the call returns a plan and a confirmation to repeat with. Tests still run.",
  input: z.strictObject({
    action: z
      .enum(["put_tool", "put_function", "delete", "restore", "set_migration"])
      .describe("What to do."),
    tool: toolBodySchema.optional().describe("For put_tool."),
    function: functionBodySchema.omit({ name: true }).optional().describe("For put_function."),
    name: nameField
      .optional()
      .describe("Of the entry; for set_migration the function, absent: none any more."),
    dataset: datasetField.optional().describe("For set_migration."),
    kind: z.enum(["function", "tool"]).default("tool").describe("Of the entry to delete or restore."),
    arity: z.int().min(0).optional().describe("Of a function with several."),
    version: z
      .int()
      .min(1)
      .optional()
      .describe("For restore: its number. For set_migration: of the schema it starts from."),
    base: z
      .string()
      .optional()
      .describe("For put: the version id the change was made on; refused when another is active."),
    confirmation: z.string().optional().describe("The handle the first call returned."),
  }),
  output: z.object({
    item: z.string(),
    done: z.boolean(),
    number: z.int().nullable().optional(),
    plan: z.string().optional(),
    confirmation: z.string().optional(),
  }),
  annotations: changeHints,
  scopes: writeScope,
  group: "admin",
  async run(input, { services, principal }: ToolContext<Services>) {
    const user = services.userOf(principal);
    const { manager } = services;
    const options = input.base === undefined ? {} : { base: input.base };
    if (input.action === "put_tool") {
      const body = input.tool ?? missing("tool");
      const { item, number, warnings } = await manager.put(
        user,
        { kind: "tool", key: body.name, body },
        options,
      );
      return { data: { item, number, done: true }, warnings };
    }
    if (input.action === "put_function") {
      const given = input.function ?? missing("function");
      const { name, arity } = parseDefinition(given.definition);
      const { item, number, warnings } = await manager.put(
        user,
        { kind: "function", key: `${name}/${arity}`, arity, body: { name, ...given } },
        options,
      );
      return { data: { item, number, done: true }, warnings };
    }
    if (input.action === "set_migration") {
      const dataset = input.dataset ?? missing("dataset");
      services.migrations.set(user, dataset, input.version ?? missing("version"), input.name);
      return { data: { item: `dataset:${dataset}`, done: true } };
    }
    const item = itemNamed(services, input.kind, input.name ?? missing("name"), input.arity);
    if (input.action === "restore") {
      const { number, warnings } = await manager.restore(user, item, input.version ?? missing("version"));
      return { data: { item, number, done: true }, warnings };
    }
    const { confirmation, ...args } = input;
    const binding = { tool: "manage_library", principal: principal.id, args };
    if (confirmation === undefined) {
      const { handle } = services.confirmations.issue(binding);
      return {
        data: {
          item,
          done: false,
          plan: `${item} disappears for everybody; its history stays and restore brings it back.`,
          confirmation: handle,
        },
      };
    }
    await services.confirmations.redeem(confirmation, binding);
    await manager.remove(user, item);
    return { data: { item, done: true } };
  },
});

function missing(field: string): never {
  throw new ToolError("VALIDATION_ERROR", `This action needs ${field}.`, {
    hint: `Pass ${field}.`,
    details: { reason: "missing", field },
  });
}
