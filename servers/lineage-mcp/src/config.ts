import { existsSync } from "node:fs";
import { type FlagSetting, loadConfig } from "@mcp-data/core";
import { serverEnvFields, serverSettings } from "@mcp-data/core/start";
import { z } from "zod";

/** The whole configuration; its JSON Schema is published as config.schema.json. */
export const configSchema = z.strictObject({
  notebooks: z
    .array(z.string().min(1))
    .default([])
    .describe("Notebooks, or folders of notebooks, to record."),
  python: z.string().min(1).optional().describe("The Python that runs them."),
  install: z.boolean().default(true).describe("Set up recording in that Python."),
  source: z.boolean().default(true).describe("Keep source text, literals and messages."),
  stats: z.enum(["off", "sample"]).default("off").describe("Sampled column statistics."),
  namespace: z.string().min(1).optional().describe("OpenLineage job namespace."),
  retain_days: z.int().min(1).max(36_500).optional().describe("Days after which memories are forgotten."),
  ui: z.boolean().default(false).describe("Serve the local page."),
  ...serverSettings,
});

export type LineageConfig = z.output<typeof configSchema>;

/** Flags over variables over the file; without --config the data directory's settings.yaml, when it is there. */
export function readConfig(request: {
  file: string | undefined;
  settings: string;
  flags: readonly FlagSetting[];
}): LineageConfig {
  const file = request.file ?? (existsSync(request.settings) ? request.settings : undefined);
  return loadConfig({
    schema: configSchema,
    ...(file === undefined ? {} : { file }),
    envFields: [
      ...serverEnvFields("LINEAGE_MCP"),
      { name: "LINEAGE_MCP_NOTEBOOKS", field: "notebooks", type: "list" },
      { name: "LINEAGE_MCP_PYTHON", field: "python" },
      { name: "LINEAGE_MCP_SOURCE", field: "source", type: "boolean" },
      { name: "LINEAGE_MCP_RETAIN_DAYS", field: "retain_days", type: "number" },
      { name: "OPENLINEAGE_NAMESPACE", field: "namespace" },
    ],
    flags: request.flags,
  });
}
