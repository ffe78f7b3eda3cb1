import { z } from "zod";
import { aggregations, filterOps, grains, metricTypes, piiLevels, relationshipTypes } from "./model.ts";

/** Name of our extension inside an Ossie document. */
export const vendor = "SQL_EXPLORER";

const text = z.string().trim().min(1).max(4_000);
const name = z.string().min(1).max(256);

const filterSchema = z.strictObject({
  field: name,
  op: z.enum(filterOps),
  values: z.array(z.union([z.string(), z.number(), z.boolean()])).default([]),
});

const verifiedQuerySchema = z.strictObject({
  question: text,
  sql: z.string().trim().min(1).max(20_000),
  /** Every modelled dataset the statement reads. */
  datasets: z.array(name).min(1),
  verified_at: text.exactOptional(),
});

/** What `data` of a SQL_EXPLORER extension may hold, by the thing it extends. */
export const extensionSchemas = {
  model: z.strictObject({
    owner: text.exactOptional(),
    verified_queries: z.array(verifiedQuerySchema).max(500).default([]),
  }),
  dataset: z.strictObject({
    grain: text.exactOptional(),
    owner: text.exactOptional(),
    refresh: text.exactOptional(),
    quality_notes: z.array(text).default([]),
  }),
  field: z.strictObject({
    pii: z.enum(piiLevels).default("none"),
    default_aggregation: z.enum(aggregations).exactOptional(),
    grains: z.array(z.enum(grains)).default([]),
  }),
  relationship: z.strictObject({ type: z.enum(relationshipTypes).exactOptional() }),
  metric: z.strictObject({
    type: z.enum(metricTypes).default("simple"),
    dataset: name.exactOptional(),
    inputs: z.array(name).default([]),
    filters: z.array(filterSchema).default([]),
    grains: z.array(z.enum(grains)).default([]),
    time_field: name.exactOptional(),
    window: text.exactOptional(),
    owner: text.exactOptional(),
  }),
} as const;
