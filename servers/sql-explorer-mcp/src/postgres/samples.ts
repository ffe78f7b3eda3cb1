import { compilePolicy } from "@mcp-data/core";
import type { Access } from "../engine/engine.ts";
import { relationKey } from "./catalog/catalog.ts";
import type { Parts } from "./parts.ts";
import { quoteName } from "./protocol/quote.ts";
import { runQuery } from "./query.ts";
import { closedColumns } from "./walls/calling-columns.ts";

const scannedRows = 300;
const timeoutMs = 1_000;
const maxChars = 100;
const unsuited = /^(bytea|json|jsonb|xml|tsvector|tsquery|geometry|geography|raster)\b/;

/** A few distinct values out of the first rows, through the same walls as any query. */
export async function readSamples(
  parts: Parts,
  table: { readonly schema: string; readonly name: string },
  columns: readonly string[],
  limit: number,
  access: Access,
  signal: AbortSignal,
): Promise<Record<string, readonly string[]>> {
  const catalog = await parts.catalogs.current(signal);
  const { snapshot, byName } = catalog;
  const known = byName.get(relationKey(table.schema, table.name));
  if (known === undefined) return {};
  const closed = closedColumns(catalog, compilePolicy(access.policy), known.oid);
  if (closed.includes("*")) return {};
  const relation = snapshot.relations.find((one) => one.schema === table.schema && one.name === table.name);
  const suited = (relation?.columns ?? [])
    .filter(({ name }) => !closed.includes(name))
    .filter((column) => columns.includes(column.name) && !unsuited.test(column.type.replace(/^\w+\./, "")))
    .map((column) => column.name);
  if (suited.length === 0) return {};
  const outputs = suited.map((name) => `left(${quoteName(name)}::text, ${maxChars})`);
  const { rows } = await runQuery(parts, {
    sql: `SELECT ${outputs.join(", ")} FROM ${quoteName(table.schema)}.${quoteName(table.name)}`,
    params: [],
    maxRows: scannedRows,
    timeoutMs: Math.min(timeoutMs, access.limits.timeoutMs),
    offset: 0,
    access: { ...access, limits: { ...access.limits, maxBytes: 4_000_000, maxCellChars: maxChars } },
    signal,
  });
  return Object.fromEntries(
    suited.map(
      (name, at) =>
        [
          name,
          firstDistinct(
            rows.map((row) => row[at]),
            limit,
          ),
        ] as const,
    ),
  );
}

function firstDistinct(values: readonly unknown[], limit: number): string[] {
  const distinct = new Set(values.filter((value) => value !== null && value !== undefined).map(String));
  return [...distinct].slice(0, limit);
}
