import { secretField } from "@mcp-data/core";
import { z } from "zod";

const names = (what: string) => z.array(z.string().min(1)).describe(what);

const columnRuleSchema = z.strictObject({
  deny: names("Columns nobody may read.").optional(),
  mask: names("Columns shown only as a mask, and only as a direct output.").optional(),
});

export const limitsSchema = z.strictObject({
  max_rows: z.int().min(1).default(500).describe("Rows when a call names none."),
  hard_max_rows: z.int().min(1).default(10_000).describe("Rows a call may ask for at most."),
  max_bytes: z.int().min(1_000).default(1_000_000).describe("Bytes of all cells read for one call."),
  max_cell_chars: z.int().min(10).default(2_000).describe("Characters of one cell."),
  timeout_ms: z.int().min(10).max(600_000).default(30_000).describe("Milliseconds one statement may run."),
  max_cost: z.number().positive().optional().describe("Planner cost above which a query is refused."),
  concurrency: z.int().min(1).max(100).default(4).describe("Statements at once on this source."),
});

/** What narrows a source, in a source or again in a project. */
const narrowing = {
  schemas: names("Allowed schemas in search order; absent: every schema the login sees.").optional(),
  allow_tables: names(
    "schema.table, schema.* or a bare name; * and ? are wildcards. Absent: all.",
  ).optional(),
  allowed_tables: names("Alias of allow_tables.").optional(),
  exclude_tables: names("Always wins over allow_tables.").optional(),
  excluded_tables: names("Alias of exclude_tables.").optional(),
  columns: z.record(z.string(), columnRuleSchema).optional().describe("Column rules by table pattern."),
  trusted_views: names("Views whose base tables need not be allowed.").optional(),
  readonly_role: z.string().min(1).optional().describe("PostgreSQL role set for every statement."),
  limits: limitsSchema.partial().optional().describe("Limits of one call."),
  max_rows_per_query: z.int().min(1).optional().describe("Alias of limits.max_rows."),
  max_query_timeout_seconds: z
    .number()
    .positive()
    .optional()
    .describe("Alias of limits.timeout_ms, in seconds."),
};

const annotationsSchema = z.union([
  z.string().min(1).describe("Path of a YAML or JSON file."),
  z.strictObject({
    file: z.string().min(1).optional().describe("Path of a YAML or JSON file."),
    table: z.string().min(1).optional().describe("schema.table that holds annotations."),
  }),
]);

const idSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    "letters, digits, - and _, at most 64, starting with a letter or digit",
  );

export const sourceSchema = z
  .strictObject({
    id: idSchema.describe("Name the agent uses for this source."),
    kind: z.enum(["postgres", "duckdb", "files"]).describe("What stands behind it."),
    dsn: secretField().optional(),
    path: z
      .union([z.string().min(1), names("Files and folders.")])
      .optional()
      .describe("A .duckdb file, or files and folders of CSV, TSV, Parquet, JSON or NDJSON."),
    description: z.string().max(500).optional().describe("Told to the agent."),
    ...narrowing,
    functions: z
      .strictObject({
        allow: names("Functions allowed besides the reviewed list, name or schema.name.").optional(),
        allow_prefixes: names("Prefixes allowed besides the reviewed list, such as st_.").optional(),
      })
      .optional()
      .describe("Additions to the function allow-list."),
    allow_functions: names("Alias of functions.allow.").optional(),
    allow_function_prefixes: names("Alias of functions.allow_prefixes.").optional(),
    privilege_check: z
      .enum(["off", "warn", "enforce"])
      .optional()
      .describe("What a login with more than read rights leads to; default warn, enforce over HTTP."),
    plan_check: z
      .boolean()
      .default(true)
      .describe("Hold every relation of the plan against the lists before running (PostgreSQL)."),
    samples: z
      .strictObject({
        enabled: z.boolean().default(true),
        deny_patterns: names("Column names never sampled, besides the built-in ones.").optional(),
      })
      .optional()
      .describe("Sample values in describe_table."),
    catalog_ttl_seconds: z.number().min(0).default(300).describe("Age at which the catalog is read again."),
    duckdb: z
      .strictObject({
        memory_limit: z
          .string()
          .regex(/^\d+(\.\d+)?\s*(MB|GB|MiB|GiB)$/)
          .default("1GB"),
        threads: z.int().min(1).max(64).default(2),
      })
      .optional()
      .describe("Caps of the embedded engine."),
    semantic: z.string().min(1).optional().describe("Path of a semantic model (YAML)."),
    annotations: annotationsSchema.optional().describe("What people know about the tables."),
  })
  .superRefine((source, context) => {
    const problem = sourceProblem(source);
    if (problem !== undefined) context.addIssue({ code: "custom", ...problem });
  });

export const projectSchema = z
  .strictObject({
    id: idSchema.describe("Name in token claims, the configured header, or --project."),
    description: z.string().max(500).optional(),
    active: z.boolean().default(true).describe("false: as if it did not exist."),
    sources: z.array(idSchema).min(1).optional().describe("Sources of the project; absent: all."),
    schema: z.string().min(1).optional().describe("Alias of schemas with one entry."),
    ...narrowing,
    annotations: annotationsSchema.optional(),
  })
  .refine((project) => project.schema === undefined || project.schemas === undefined, {
    path: ["schema"],
    message: "is an alias of schemas; give one of the two",
  });

export type SourceConfig = z.output<typeof sourceSchema>;
export type ProjectConfig = z.output<typeof projectSchema>;
export type Narrowing = Pick<ProjectConfig, keyof typeof narrowing>;

function sourceProblem(source: {
  kind: string;
  dsn?: unknown;
  path?: unknown;
  readonly_role?: string | undefined;
}): { message: string; path: string[] } | undefined {
  if (source.kind === "postgres") {
    if (source.dsn === undefined) return { message: "a postgres source needs a dsn", path: ["dsn"] };
    return source.path === undefined
      ? undefined
      : { message: "a postgres source has no path", path: ["path"] };
  }
  if (source.dsn !== undefined) {
    return { message: `a ${source.kind} source has a path, not a dsn`, path: ["dsn"] };
  }
  if (source.path === undefined) return { message: `a ${source.kind} source needs a path`, path: ["path"] };
  return source.readonly_role === undefined
    ? undefined
    : { message: "roles exist in PostgreSQL only", path: ["readonly_role"] };
}
