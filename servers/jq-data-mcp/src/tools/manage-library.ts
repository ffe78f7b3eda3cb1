import { defineTool, type ToolContext, ToolError } from "@mcp-data/core";
import { z } from "zod";
import {
  type Definition,
  type FunctionBody,
  functionBodySchema,
  type ToolBody,
  toolBodySchema,
} from "../library/definitions.ts";
import { requireRole } from "../library/roles.ts";
import { parseDefinition } from "../program/definition.ts";
import type { Services } from "../services.ts";
import { changeHints, datasetField, nameField, writeScope } from "./fields.ts";
import { itemNamed } from "./get-history.ts";

export const manageLibrary = defineTool({
  name: "manage_library",
  title: "Manage the library",
  description:
    "For admins: creates or updates a function or tool at once, deactivates an entry (off for everybody, its name stays taken), deletes one (its history stays), restores an old version as a new one, or names the function that brings a dataset's old shape to the next. Deleting asks first: the call returns a plan and a confirmation to repeat with. Tests still run.",
  input: z.strictObject({
    action: z
      .enum(["create", "update", "deactivate", "delete", "restore", "set_migration"])
      .describe("What to do."),
    tool: toolBodySchema.optional().describe("For create and update: this or function."),
    function: functionBodySchema
      .omit({ name: true })
      .optional()
      .describe("For create and update: this or tool."),
    name: nameField
      .optional()
      .describe("Of the entry; for set_migration the function, absent: none any more."),
    dataset: datasetField.optional().describe("For set_migration."),
    kind: z
      .enum(["function", "tool"])
      .default("tool")
      .describe("Of the entry to deactivate, delete or restore."),
    arity: z.int().min(0).optional().describe("Of a function with several."),
    version: z
      .int()
      .min(1)
      .optional()
      .describe(
        "For restore: its number; absent: the last one of what is off. For set_migration: of the schema it starts from.",
      ),
    base: z
      .string()
      .optional()
      .describe("For update: the version id the change was made on; refused when another is active."),
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
    // Before a plan is shown, not only when it is carried out.
    requireRole(user, "manage");
    const { manager } = services;
    if (input.action === "create" || input.action === "update") {
      const { item, number, warnings } = await manager.put(user, definitionIn(input), {
        onto: input.action === "create" ? "nothing" : "something",
        ...(input.base === undefined ? {} : { base: input.base }),
      });
      return { data: { item, number, done: true }, warnings };
    }
    if (input.action === "set_migration") {
      const dataset = input.dataset ?? missing("dataset");
      services.migrations.set(user, dataset, input.version ?? missing("version"), input.name);
      return { data: { item: `dataset:${dataset}`, done: true } };
    }
    const item = itemNamed(services, input.kind, input.name ?? missing("name"), input.arity);
    if (input.action === "restore") {
      const { number, warnings } = await manager.restore(user, item, input.version);
      return { data: { item, number, done: true }, warnings };
    }
    if (input.action === "deactivate") {
      await manager.remove(user, item, "deactivate");
      return { data: { item, done: true } };
    }
    const { confirmation, ...args } = input;
    const binding = { tool: "manage_library", principal: principal.id, args };
    if (confirmation === undefined) {
      const { handle } = services.confirmations.issue(binding);
      return {
        data: {
          item,
          done: false,
          plan: `${item} disappears for everybody and its name is free again; its history stays and restore brings it back.`,
          confirmation: handle,
        },
      };
    }
    await services.confirmations.redeem(confirmation, binding);
    await manager.remove(user, item, "delete");
    return { data: { item, done: true } };
  },
});

function definitionIn(input: {
  readonly tool?: ToolBody | undefined;
  readonly function?: Omit<FunctionBody, "name"> | undefined;
}): Definition {
  if (input.tool !== undefined && input.function !== undefined) {
    throw new ToolError("VALIDATION_ERROR", "Pass tool or function, not both.", {
      hint: "One call changes one entry.",
      details: { reason: "both" },
    });
  }
  if (input.tool !== undefined) return { kind: "tool", key: input.tool.name, body: input.tool };
  const given = input.function ?? missing("tool or function");
  const { name, arity } = parseDefinition(given.definition);
  return { kind: "function", key: `${name}/${arity}`, arity, body: { name, ...given } };
}

function missing(field: string): never {
  throw new ToolError("VALIDATION_ERROR", `This action needs ${field}.`, {
    hint: `Pass ${field}.`,
    details: { reason: "missing", field },
  });
}
