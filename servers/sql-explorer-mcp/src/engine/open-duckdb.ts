import { resolve } from "node:path";
import type { Logger } from "@mcp-data/core";
import type { SourceConfig } from "../config/source-config.ts";
import { createDuckdbEngine } from "../duckdb/engine.ts";
import type { Engine } from "./engine.ts";

export function openDuckdb(source: SourceConfig, logger: Logger): Engine {
  if (source.kind === "postgres" || source.path === undefined)
    throw new Error("an embedded source without a path");
  const paths = typeof source.path === "string" ? [source.path] : source.path;
  return createDuckdbEngine({
    kind: source.kind,
    sourceId: source.id,
    paths: paths.map((path) => resolve(path)),
    concurrency: source.limits?.concurrency ?? 4,
    catalogTtlMs: source.catalog_ttl_seconds * 1_000,
    ...(source.duckdb === undefined
      ? {}
      : { memoryLimit: source.duckdb.memory_limit, threads: source.duckdb.threads }),
    logger,
  });
}
