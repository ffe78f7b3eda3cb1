import type { Logger } from "@mcp-data/core";
import type { SourceConfig } from "../config/source-config.ts";
import { createPostgresEngine } from "../postgres/engine.ts";
import type { Engine } from "./engine.ts";

export function openPostgres(source: SourceConfig, logger: Logger): Engine {
  if (source.dsn === undefined) throw new Error("a postgres source without a dsn");
  return createPostgresEngine({
    dsn: source.dsn,
    sourceId: source.id,
    poolMax: source.limits?.concurrency ?? 4,
    catalogTtlMs: source.catalog_ttl_seconds * 1_000,
    ...(source.readonly_role === undefined ? {} : { role: source.readonly_role }),
    logger,
  });
}
