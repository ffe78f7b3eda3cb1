import { defineTool, page, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import { annotationFor } from "../annotations/annotation.ts";
import { nameTest } from "../catalog/name-pattern.ts";
import { requireSchema } from "../catalog/require-schema.ts";
import type { Relation } from "../catalog/snapshot.ts";
import { ageSeconds, type CatalogView } from "../catalog/view.ts";
import { pickSource } from "../project/project.ts";
import type { Services } from "../services.ts";
import { cursorField, kindField, readOnlyHints, readScope, schemaField, sourceField } from "./fields.ts";

export const listTables = defineTool({
  name: "list_tables",
  title: "List tables",
  description:
    "Returns tables, views, materialised views, partitions and foreign tables with estimated row counts and descriptions, in pages. Use search_schema to look for a word, describe_table for columns.",
  input: z.strictObject({
    source: sourceField,
    schema: schemaField,
    pattern: z
      .string()
      .max(128)
      .optional()
      .describe("Name filter, case-insensitive; * and ? are wildcards, a bare word matches anywhere."),
    kinds: z.array(kindField).max(6).optional().describe("Only these kinds."),
    detail: z.enum(["names", "summary"]).default("summary").describe("names: schema, name and kind only."),
    cursor: cursorField,
    limit: z.int().min(1).max(1_000).default(100).describe("Tables per page."),
  }),
  output: z.object({
    tables: untrusted(
      z.array(
        z.object({
          schema: z.string(),
          name: z.string(),
          kind: z.string(),
          row_estimate: z.number().nullable().optional(),
          columns: z.int().optional(),
          description: z.string().optional(),
        }),
      ),
    ),
    row_counts: z.literal("estimates").optional(),
    catalog_age_seconds: z.number(),
  }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "read",
  async run(input, { services, principal, signal }: ToolContext<Services>) {
    const { source: id, schema, pattern, kinds, detail, cursor, limit } = input;
    const source = pickSource(services.projects.of(principal), id);
    const view = await source.view(signal);
    if (schema !== undefined) requireSchema(view, schema);
    const fits = nameTest(pattern);
    const found = view.relations.filter(
      (relation) =>
        (schema === undefined || relation.schema === schema) &&
        (kinds === undefined || (kinds as readonly string[]).includes(relation.kind)) &&
        fits(relation.name),
    );
    const binding = {
      tool: "list_tables",
      principal: principal.id,
      of: [source.id, schema, pattern, kinds, detail, view.snapshot.epoch],
    };
    const offset = cursor === undefined ? 0 : services.cursors.open(cursor, binding, z.int().min(0));
    const { items, page: meta } = page(
      found.slice(offset, offset + limit).map((relation) => entry(view, relation, detail)),
      {
        limit,
        offset,
        total: found.length,
        more: found.length > offset + limit,
        mint: (position) => services.cursors.mint(binding, position),
      },
    );
    return {
      data: {
        tables: items,
        ...(detail === "summary" ? { row_counts: "estimates" as const } : {}),
        catalog_age_seconds: ageSeconds(view),
      },
      ...(schema === undefined ? {} : { schema }),
      warnings: view.warnings,
      page: meta,
      audit: { source: source.id, tables: items.length },
    };
  },
});

function entry(view: CatalogView, relation: Relation, detail: "names" | "summary") {
  const { schema, name, kind } = relation;
  if (detail === "names") return { schema, name, kind };
  const description = annotationFor(view.annotations, schema, name)?.description ?? relation.comment;
  return {
    schema,
    name,
    kind,
    row_estimate: relation.rowEstimate ?? null,
    columns: relation.columns.length,
    ...(description === undefined ? {} : { description: clip(description) }),
  };
}

function clip(text: string): string {
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}
