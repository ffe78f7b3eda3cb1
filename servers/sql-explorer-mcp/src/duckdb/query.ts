import { capRows } from "@mcp-data/core";
import { foldName, type RunResult } from "@mcp-data/core/sql/duckdb";
import type { QueryRequest, QueryResult, ResultColumn } from "../engine/engine.ts";
import { withJudged } from "./judge.ts";
import type { Parts } from "./parts.ts";

/** Shown instead of a masked value, nulls included. */
const mask = "***";

export function runQuery(parts: Parts, request: QueryRequest): Promise<QueryResult> {
  const { access, maxRows, offset, params, signal, timeoutMs } = request;
  return withJudged(parts, request, async ({ accepted, catalog }) => {
    const capped = capRows(accepted, { maxRows, offset });
    const result = await parts.process.run(
      {
        sql: capped.text,
        params,
        searchPath: catalog.forPolicy(access.policy).searchPath,
        skip: capped.skip,
        maxRows,
        maxBytes: access.limits.maxBytes,
        maxCellChars: access.limits.maxCellChars,
        generation: catalog.generation,
      },
      { timeoutMs, signal },
    );
    const columns = maskedColumns(result, accepted.maskedOutputs);
    return {
      columns,
      rows: columns.some((column) => column.masked === true) ? maskRows(result, columns) : result.rows,
      truncated: result.truncated,
      cuts: cutsOf(result, access.limits),
      sqlExecuted: capped.text,
      tables: accepted.tables.map((table) => `${table.schema}.${table.name}`),
      ordered: accepted.ordered,
    };
  });
}

function maskedColumns({ columns }: RunResult, masked: readonly string[] | undefined): ResultColumn[] {
  const names = new Set(masked ?? []);
  return columns.map(({ name, type }) =>
    names.has(foldName(name)) ? { name, type, masked: true } : { name, type },
  );
}

function maskRows({ rows }: RunResult, columns: readonly ResultColumn[]) {
  return rows.map((row) => row.map((cell, index) => (columns[index]?.masked === true ? mask : cell)));
}

function cutsOf(result: RunResult, limits: QueryRequest["access"]["limits"]): string[] {
  const cuts: string[] = [];
  if (result.truncated) {
    const limit = result.stoppedAtBytes ? `${limits.maxBytes} bytes` : "rows";
    cuts.push(`Stopped after ${result.rows.length} rows: the limit of ${limit}.`);
  }
  for (const [index, count] of result.cutCells.entries()) {
    if (count === 0) continue;
    const values = count === 1 ? "1 value" : `${count} values`;
    const name = JSON.stringify(result.columns[index]?.name ?? "");
    cuts.push(`Column ${name}: ${values} shortened to ${limits.maxCellChars} characters.`);
  }
  return cuts;
}
