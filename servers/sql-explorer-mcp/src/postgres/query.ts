import { capRows } from "@mcp-data/core";
import type { QueryRequest, QueryResult } from "../engine/engine.ts";
import type { Catalog } from "./catalog/catalog.ts";
import { withCatalog } from "./catalog/with-catalog.ts";
import { withNearColumns } from "./errors/suggest-columns.ts";
import type { Parts } from "./parts.ts";
import { textStep } from "./protocol/step.ts";
import { runStatement } from "./run-statement.ts";
import { createRowReader } from "./values/rows.ts";
import { resultColumns } from "./walls/masks.ts";

/** Bytes the server may send for one answer: room for values that are shortened here. */
const leastWireBytes = 67_108_864;

export function runQuery(parts: Parts, request: QueryRequest): Promise<QueryResult> {
  return withCatalog(parts.catalogs, request.signal, (catalog) => queryWith(parts, request, catalog));
}

async function queryWith(parts: Parts, request: QueryRequest, catalog: Catalog): Promise<QueryResult> {
  const { access, params, signal, maxRows, timeoutMs } = request;
  const statement = await parts.judge.statement(request.sql, params, access, catalog);
  const { accepted, policy, hasColumnRules, expansion } = statement;
  const capped = capRows(accepted, { maxRows, offset: request.offset });
  const lease = await parts.pool.acquire(signal);
  try {
    const reader = createRowReader({
      maxRows,
      skip: capped.skip,
      limits: access.limits,
      types: catalog.types,
      meter: lease.meter,
      describe: (fields) => resultColumns(fields, catalog, policy, hasColumnRules, accepted),
    });
    const ended = await withNearColumns(catalog, statement, () =>
      runStatement(
        {
          lease,
          session: parts.session,
          catalog,
          statement,
          access,
          text: capped.text,
          params,
          timeoutMs,
          signal,
          maxBytes: Math.max(leastWireBytes, access.limits.maxBytes * 4),
        },
        parts.memory,
        (values) =>
          textStep(capped.text, values, capped.skip + maxRows + 1, { ...reader.listener, callerTextAt: 0 }),
      ),
    );
    const named = accepted.tables.map((table) => `${table.schema}.${table.name}`);
    return {
      ...reader.finish(ended.stopped),
      sqlExecuted: capped.text,
      tables: [...new Set([...named, ...expansion.behind, ...(ended.plan?.relations ?? [])])],
      ordered: accepted.ordered,
    };
  } finally {
    lease.release();
  }
}
