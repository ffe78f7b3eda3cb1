import { defineTool, type ToolContext, ToolError, untrusted } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "../services.ts";
import { examples } from "./examples.ts";
import { metaOutput, readOnlyHints, readScope } from "./fields.ts";

export const inspectSchema = defineTool({
  name: "inspect_schema",
  title: "Inspect schema",
  description: "Lists the tables and views query_memories reads, or one in full, with example queries.",
  input: z.strictObject({
    table_name: z.string().optional().describe("Absent: all."),
    include_views: z.boolean().default(true).describe("Views too."),
    include_samples: z.boolean().default(false).describe("Three rows."),
  }),
  output: z.object({
    ...metaOutput,
    tables: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(["table", "view"]),
        columns: z.array(z.string()),
        rows: z.int().optional(),
        examples: z.array(z.string()),
      }),
    ),
    samples: untrusted(z.array(z.record(z.string(), z.unknown()))).optional(),
  }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "lineage",
  async run({ table_name, include_views, include_samples }, { services }: ToolContext<Services>) {
    const { memory } = services;
    const fresh = await memory.fresh();
    const columns = await memory.rows(
      `SELECT c.table_name AS name, CASE WHEN t.table_name IS NULL THEN 'view' ELSE 'table' END AS kind,
              list(c.column_name || ' ' || c.data_type ORDER BY c.column_index) AS columns
       FROM duckdb_columns() c LEFT JOIN duckdb_tables() t ON t.table_name = c.table_name
       WHERE NOT c.internal AND c.table_name <> 'meta' AND c.database_name = current_database() GROUP BY ALL ORDER BY kind, name`,
    );
    const wanted = columns.filter(({ name, kind }) =>
      table_name === undefined ? include_views || kind === "table" : name === table_name,
    );
    if (table_name !== undefined && wanted.length === 0) {
      throw new ToolError("NOT_FOUND", `There is no table or view ${table_name.slice(0, 100)}.`, {
        hint: `There are ${columns.map(({ name }) => String(name)).join(", ")}.`,
      });
    }
    const tables = wanted.map(({ name, kind, columns: list }) => ({
      name: String(name),
      kind: kind === "view" ? ("view" as const) : ("table" as const),
      columns: (list as readonly string[]).map((column) =>
        table_name === undefined ? (column.split(" ")[0] ?? column) : column,
      ),
      examples: [...(examples[String(name)] ?? [])],
    }));
    const [only] = tables;
    const one = table_name === undefined ? undefined : only;
    const count =
      one === undefined ? undefined : await memory.rows(`SELECT count(*) AS n FROM "${one.name}"`);
    const samples =
      one === undefined || !include_samples
        ? undefined
        : await memory.rows(`SELECT * FROM "${one.name}" LIMIT 3`);
    return {
      data: {
        ...fresh,
        total: tables.length,
        returned: tables.length,
        truncated: false,
        tables: tables.map((table) =>
          table === one && count !== undefined ? { ...table, rows: Number(count[0]?.n) } : table,
        ),
        ...(samples === undefined ? {} : { samples: samples.map(shortened) }),
      },
    };
  },
});

function shortened(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === "string" && value.length > 300 ? `${value.slice(0, 299)}…` : value,
    ]),
  );
}
