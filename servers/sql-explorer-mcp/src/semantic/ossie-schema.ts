import { z } from "zod";

const name = z.string().min(1).max(256);
const columns = z.array(name).min(1);

/** An optional field; YAML's empty value counts as absent. */
function maybe<T extends z.ZodType>(schema: T) {
  return schema.nullish();
}

const aiContext = maybe(
  z.union([
    z.string(),
    z.looseObject({
      instructions: maybe(z.string()),
      synonyms: maybe(z.array(z.string())),
      examples: maybe(z.array(z.string())),
    }),
  ]),
);

/** `data` is JSON text by the specification; a mapping is taken as well. */
const extensions = maybe(
  z.array(
    z.looseObject({
      vendor_name: z.string(),
      data: z.union([z.string(), z.record(z.string(), z.unknown())]),
    }),
  ),
);

/** One SQL text stands for a list of one ANSI_SQL expression. */
const expression = z.preprocess(
  (raw) => (typeof raw === "string" ? { dialects: [{ dialect: "ANSI_SQL", expression: raw }] } : raw),
  z.looseObject({
    dialects: z
      .array(
        z.looseObject({
          dialect: z.string().min(1).default("ANSI_SQL"),
          expression: z.string().min(1).max(20_000),
        }),
      )
      .min(1),
  }),
);

const described = { description: maybe(z.string()), ai_context: aiContext, custom_extensions: extensions };

export const fieldSchema = z.looseObject({
  name,
  expression,
  dimension: maybe(z.looseObject({ is_time: maybe(z.boolean()) })),
  label: maybe(z.string()),
  datatype: maybe(z.string()),
  ...described,
});

export const datasetSchema = z.looseObject({
  name,
  source: z.string().min(1),
  primary_key: maybe(z.array(name)),
  unique_keys: maybe(z.array(columns)),
  fields: maybe(z.array(fieldSchema)),
  ...described,
});

export const relationshipSchema = z.looseObject({
  name,
  from: name,
  to: name,
  from_columns: columns,
  to_columns: columns,
  ai_context: aiContext,
  custom_extensions: extensions,
});

export const metricSchema = z.looseObject({
  name,
  expression,
  datatype: maybe(z.string()),
  ...described,
});

export const modelSchema = z.looseObject({
  name,
  datasets: z.array(datasetSchema).min(1),
  relationships: maybe(z.array(relationshipSchema)),
  metrics: maybe(z.array(metricSchema)),
  ...described,
});

export type OssieAiContext = z.output<typeof aiContext>;
export type OssieExtensions = z.output<typeof extensions>;
export type OssieExpression = z.output<typeof expression>;
export type OssieField = z.output<typeof fieldSchema>;
export type OssieDataset = z.output<typeof datasetSchema>;
export type OssieRelationship = z.output<typeof relationshipSchema>;
export type OssieMetric = z.output<typeof metricSchema>;
export type OssieModel = z.output<typeof modelSchema>;
