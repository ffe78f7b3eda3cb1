import { z } from "zod";

export const sourceField = z
  .string()
  .max(64)
  .optional()
  .describe("Source id from list_sources; not needed when there is one source.");

export const schemaField = z
  .string()
  .max(128)
  .optional()
  .describe("Schema name; all allowed schemas when absent.");

export const cursorField = z.string().max(4_000).optional().describe("next_cursor of the previous page.");

export const sqlField = z
  .string()
  .max(200_000)
  .describe("One SELECT statement (WITH allowed) in the source's dialect; $1, $2 … for params.");

export const paramsField = z
  .array(
    z.union([
      z.string(),
      z.number(),
      z.boolean(),
      z.null(),
      z.array(z.unknown()),
      z.record(z.string(), z.unknown()),
    ]),
  )
  .max(100)
  .optional()
  .describe("Values for $1, $2 … in order.");

const relationKinds = [
  "table",
  "partitioned_table",
  "partition",
  "view",
  "materialized_view",
  "foreign_table",
] as const;

export const kindField = z.enum(relationKinds);

/** Every tool of the read group. */
export const readOnlyHints = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: true,
} as const;

export const readScope = ["data:read"] as const;
