import { defineTool, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import { metadataTables } from "../catalog/metadata-tables.ts";
import { requireSchema } from "../catalog/require-schema.ts";
import { ageSeconds, type CatalogView, visibleForeignKeys } from "../catalog/view.ts";
import { pickSource } from "../project/project.ts";
import { summarise } from "../semantic/summarise.ts";
import type { Services } from "../services.ts";
import { cursorField, readOnlyHints, readScope, schemaField, sourceField } from "./fields.ts";

const sections = ["tables", "relationships", "semantic"] as const;
const relationshipBudget = 8_000;

export const getMetadata = defineTool({
  name: "get_metadata",
  title: "Get metadata",
  description:
    "Returns the whole catalog in one answer: tables with columns, relationships between them, and the semantic layer. A large catalog is summarised level by level and paged; describe_table then gives the detail of one table.",
  input: z.strictObject({
    source: sourceField,
    schema: schemaField,
    sections: z
      .array(z.enum(sections))
      .min(1)
      .max(3)
      .optional()
      .describe("Only these sections; all when absent."),
    cursor: cursorField,
  }),
  output: z.object({
    level: z.enum(["full", "columns", "names"]).optional(),
    tables: untrusted(z.array(z.record(z.string(), z.unknown()))).optional(),
    relationships: z
      .array(
        z.object({
          from: z.string(),
          columns: z.array(z.string()),
          to: z.string(),
          referenced_columns: z.array(z.string()),
        }),
      )
      .optional(),
    semantic: untrusted(z.record(z.string(), z.unknown())).optional(),
    row_counts: z.literal("estimates"),
    catalog_age_seconds: z.number(),
  }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "read",
  async run(input, { services, principal, signal }: ToolContext<Services>) {
    const source = pickSource(services.projects.of(principal), input.source);
    const view = await source.view(signal);
    const { schema, cursor } = input;
    if (schema !== undefined) requireSchema(view, schema);
    const wanted = new Set<string>(input.sections ?? sections);
    const binding = {
      tool: "get_metadata",
      principal: principal.id,
      of: [source.id, schema, [...wanted], view.snapshot.epoch],
    };
    const offset = cursor === undefined ? 0 : services.cursors.open(cursor, binding, z.int().min(0));
    const relationships =
      wanted.has("relationships") && offset === 0 ? relationshipsOf(view, schema) : undefined;
    const tables = wanted.has("tables")
      ? metadataTables(view, schema, offset, (position) => services.cursors.mint(binding, position))
      : undefined;
    return {
      data: {
        ...(tables === undefined ? {} : { level: tables.level, tables: tables.items }),
        ...(relationships === undefined ? {} : { relationships: relationships.items }),
        ...(wanted.has("semantic") && offset === 0 && view.semantic !== undefined
          ? { semantic: summarise(view.semantic, (s, name) => view.find(s, name) !== undefined) }
          : {}),
        row_counts: "estimates" as const,
        catalog_age_seconds: ageSeconds(view),
      },
      ...(schema === undefined ? {} : { schema }),
      warnings: [
        ...view.warnings,
        ...(tables === undefined || tables.level === "full"
          ? []
          : [
              `The catalog is large: level ${tables.level}. Narrow with schema, or use describe_table for one table.`,
            ]),
        ...(relationships?.cut
          ? [
              `Only the first ${relationships.items.length} relationships are shown; describe_table has each table's own.`,
            ]
          : []),
      ],
      ...(tables === undefined ? {} : { page: tables.page }),
      audit: { source: source.id, tables: tables?.items.length ?? 0 },
    };
  },
});

function relationshipsOf(view: CatalogView, schema: string | undefined) {
  const all = visibleForeignKeys(view)
    .filter((key) => schema === undefined || key.schema === schema || key.referencedSchema === schema)
    .map((key) => ({
      from: `${key.schema}.${key.table}`,
      columns: [...key.columns],
      to: `${key.referencedSchema}.${key.referencedTable}`,
      referenced_columns: [...key.referencedColumns],
    }));
  let used = 0;
  const items = all.filter((item) => {
    used += JSON.stringify(item).length;
    return used <= relationshipBudget;
  });
  return { items, cut: items.length < all.length };
}
