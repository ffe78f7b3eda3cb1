import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "../services.ts";
import { describeSource } from "../source/describe-source.ts";
import { readOnlyHints, readScope } from "./fields.ts";

export const listSources = defineTool({
  name: "list_sources",
  title: "List sources",
  description:
    "Returns the databases and file folders this server may read: id, kind, description, schemas, limits and what the policy withholds. Call it first; the other tools take the id as source.",
  input: z.strictObject({}),
  output: z.object({
    sources: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        dialect: z.string(),
        description: z.string().optional(),
        available: z.boolean(),
        schemas: z.array(z.string()),
        tables: z.int().optional(),
        limits: z.record(z.string(), z.number()),
        policy: z.record(z.string(), z.unknown()),
        catalog_age_seconds: z.number().optional(),
      }),
    ),
  }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "read",
  async run(_input, { services, principal, signal }: ToolContext<Services>) {
    const project = services.projects.of(principal);
    const described = await Promise.all(
      [...project.sources.values()].map((source) => describeSource(source, signal)),
    );
    return {
      data: { sources: described.map((each) => each.source) },
      warnings: described.flatMap((each) => each.warnings),
    };
  },
});
