import { untrusted } from "@mcp-data/core";
import { z } from "zod";
import type { VersionRow } from "../library/reading.ts";
import type { Services } from "../services.ts";

export const definitionOutput = z.object({
  name: z.string(),
  arity: z.int().optional(),
  number: z.int().nullable(),
  version: z.string(),
  active: z.boolean(),
  author: z.string(),
  source: z.string(),
  seed_path: z.string().optional(),
  created_at: z.string(),
  validated_with: z.string().nullable(),
  calls_functions: z.array(z.string()),
  called_by: z.array(z.string()),
  ran_on: z.array(z.object({ dataset: z.string(), schema_number: z.int(), ok: z.boolean() })).optional(),
  usage: z.object({ calls: z.int(), errors: z.int(), p50_ms: z.number().optional() }),
  definition: untrusted(z.record(z.string(), z.unknown())),
});

export function describeVersion(version: VersionRow, services: Services): z.input<typeof definitionOutput> {
  const { reader, insights } = services;
  const row = reader.item(version.item);
  const [metric] = insights.metrics(version.item);
  const p50 = insights.p50(version.item);
  const key = version.item.slice(version.item.indexOf(":") + 1);
  const { name, ...definition } = version.body;
  return {
    name,
    ...(version.item.startsWith("function:") ? { arity: Number(key.split("/")[1]) } : {}),
    number: version.number,
    version: version.id,
    active: row?.active === version.id,
    author: version.author,
    source: version.source,
    ...(version.seed_path === null ? {} : { seed_path: version.seed_path }),
    created_at: version.created_at,
    validated_with: version.engine,
    calls_functions: reader.uses(version.id),
    called_by: version.item.startsWith("function:") ? reader.dependents(key).map(({ item }) => item) : [],
    ...(version.item.startsWith("tool:")
      ? {
          ran_on: services.schemas
            .compatibilityOf(version.id)
            .slice(0, 50)
            .map(({ detail: _, ...one }) => one),
        }
      : {}),
    usage: {
      calls: metric?.calls ?? 0,
      errors: metric?.errors ?? 0,
      ...(p50 === undefined ? {} : { p50_ms: Math.round(p50 * 10) / 10 }),
    },
    definition,
  };
}
