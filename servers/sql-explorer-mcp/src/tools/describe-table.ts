import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import { describeRelation, relationSchema } from "../catalog/describe-relation.ts";
import { findRelation } from "../catalog/find-relation.ts";
import { requireSchema } from "../catalog/require-schema.ts";
import { readSamples } from "../catalog/samples.ts";
import { ageSeconds } from "../catalog/view.ts";
import { pickSource } from "../project/project.ts";
import type { Services } from "../services.ts";
import { viewWith } from "../source/view-with.ts";
import { readOnlyHints, readScope, schemaField, sourceField } from "./fields.ts";

export const describeTable = defineTool({
  name: "describe_table",
  title: "Describe table",
  description:
    "Returns one table or view in full: columns with types, comments, enum and sample values, keys in both directions, indexes, checks and annotations. Call it before writing a query; a wrong name is answered with the nearest ones.",
  input: z.strictObject({
    source: sourceField,
    schema: schemaField,
    table: z.string().min(1).max(260).describe("Table or view name, or schema.table."),
    samples: z.boolean().default(true).describe("false: no sample values."),
  }),
  output: relationSchema.extend({ row_counts: z.literal("estimates"), catalog_age_seconds: z.number() }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "read",
  async run({ source: id, schema, table, samples }, { services, principal, signal }: ToolContext<Services>) {
    const source = pickSource(services.projects.of(principal), id);
    const { view, found } = await viewWith(source, signal, (each) => {
      if (schema !== undefined) requireSchema(each, schema);
      return findRelation(each, table, schema);
    });
    const sampled = samples ? await readSamples(source, view, found, signal) : { values: {}, warnings: [] };
    return {
      data: {
        ...describeRelation(view, found, sampled.values),
        row_counts: "estimates" as const,
        catalog_age_seconds: ageSeconds(view),
      },
      schema: found.schema,
      warnings: [...view.warnings, ...sampled.warnings],
      audit: { source: source.id, tables: [`${found.schema}.${found.name}`] },
    };
  },
});
