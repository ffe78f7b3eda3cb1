import { defineTool, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import { wholeLimitBytes } from "../engine/choose.ts";
import type { Services } from "../services.ts";
import { datasetField, readHints, readScope } from "./fields.ts";

export const describeDataset = defineTool({
  name: "describe_dataset",
  title: "Describe a dataset",
  description:
    "Returns the shape of a dataset from a sample, its schema versions, which tools ran on it, and the input modes that fit.",
  input: z.strictObject({ name: datasetField }),
  output: z.object({
    name: z.string(),
    format: z.string(),
    bytes: z.int(),
    content_version: z.string(),
    schema_number: z.int(),
    layout: z.string(),
    sampled: z.int(),
    shape: untrusted(z.record(z.string(), z.unknown())).optional(),
    schema_versions: untrusted(
      z.array(z.object({ number: z.int(), created_at: z.string(), diff: z.array(z.string()) })),
    ),
    migrations: z.array(z.object({ from: z.int(), function: z.string() })),
    tools: z.array(z.object({ tool: z.string(), schema_number: z.int(), ok: z.boolean() })),
    modes: z.array(z.string()),
  }),
  annotations: readHints,
  scopes: readScope,
  group: "team",
  async run({ name }, { services }: ToolContext<Services>) {
    const opened = await services.datasets.open(name);
    try {
      const current = services.schemas.current(opened);
      const shape = current.schema.element;
      const fits = shape === undefined || JSON.stringify(shape).length <= 12_000;
      return {
        data: {
          name,
          format: opened.format,
          bytes: opened.size,
          content_version: opened.version,
          schema_number: current.number,
          layout: current.schema.layout,
          sampled: current.schema.sampled,
          ...(shape === undefined
            ? {}
            : {
                shape: fits
                  ? { ...shape }
                  : { types: shape.types, properties: Object.keys(shape.properties ?? {}).slice(0, 200) },
              }),
          schema_versions: services.schemas
            .list(name)
            .slice(-10)
            .map(({ number, created_at, diff }) => ({ number, created_at, diff: diff.slice(0, 30) })),
          migrations: services.schemas.migrations(name).slice(0, 50),
          tools: services.schemas
            .compatibility(name)
            .slice(-50)
            .map(({ version, schema_number, ok }) => ({
              tool: services.reader.version(version)?.item ?? version,
              schema_number,
              ok,
            })),
          modes:
            opened.size > wholeLimitBytes && services.engines.native === undefined
              ? ["each", "reduce"]
              : ["whole", "each", "reduce"],
        },
        warnings: fits ? [] : ["The shape is long; only the names of its properties are shown."],
      };
    } finally {
      opened.close();
    }
  },
});
