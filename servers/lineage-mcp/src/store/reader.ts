import type {
  DuckDBConnection,
  DuckDBInstance,
  DuckDBPreparedStatement,
  DuckDBResult,
} from "@duckdb/node-api";
import { capRows, type Rejected, rejectionError, ToolError } from "@mcp-data/core";
import {
  createDuckdbGate,
  type DuckdbCatalog,
  type DuckdbGate,
  gateCatalog,
  readCatalog,
  type SqlParser,
} from "@mcp-data/core/sql/duckdb";
import { type Growth, refuseGrowth, refuseLength } from "./bounded-growth.ts";
import { longestText } from "./longest-text.ts";
import type { Cell, QueryAnswer, Record_ } from "./memory.ts";
import { createUnderWay } from "./under-way.ts";

export interface Reader {
  rows(sql: string, params?: readonly (string | number | null)[]): Promise<Record_[]>;
  query(
    sql: string,
    limits: { limit: number; timeoutMs: number },
    signal?: AbortSignal,
  ): Promise<QueryAnswer>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

const policy = { schemas: ["main"], excludeTables: ["main.meta"] };
const maxBytes = 2_000_000;
/** What the process may grow by while a statement runs; the engine's own limit counts only its tables. */
const mostMemory = 512 * 1024 * 1024;

/** Reads through connections that cannot write; texts of callers pass the gate first. */
export function createReader(instance: DuckDBInstance, parser: SqlParser, most = mostMemory): Reader {
  let shared: DuckDBConnection | undefined;
  let judged: Promise<{ gate: DuckdbGate; catalog: DuckdbCatalog }> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const underWay = createUnderWay();

  async function gate() {
    const connection = await instance.connect();
    try {
      const [[database] = []] = (await connection.runAndReadAll("SELECT current_database()")).getRows();
      const facts = await readCatalog(connection, String(database));
      const catalog = gateCatalog(
        { ...facts, generation: 1, failed: [] },
        { epoch: "1", searchPath: ["main"], viewsAreTables: true },
      );
      return { gate: createDuckdbGate(parser), catalog };
    } finally {
      connection.closeSync();
    }
  }

  async function asked(
    sql: string,
    { limit, timeoutMs }: { limit: number; timeoutMs: number },
    signal: AbortSignal,
  ): Promise<QueryAnswer> {
    judged ??= gate().catch((error) => {
      judged = undefined;
      throw error;
    });
    const { gate: check, catalog } = await judged;
    const verdict = await check.check(sql, { policy, catalog, signal });
    if (!verdict.ok) throw rejectionError(withOurTools(verdict));
    const parsed = await parser.parse(sql, signal);
    const growth = parsed.ok && parsed.tree !== undefined ? refuseGrowth(parsed.tree) : undefined;
    const capped = capRows(verdict, { maxRows: limit, offset: 0 });
    return guarded(instance, { sql: capped.text, growth, most }, limit, timeoutMs, signal);
  }

  return {
    rows: (sql, params = []) =>
      underWay.run(() => {
        const next = last.then(async () => {
          const connection = shared ?? (await instance.connect());
          shared = connection;
          // Planned and run on one snapshot: a plan holds facts about the values it was made for.
          await connection.run("BEGIN TRANSACTION READ ONLY");
          let prepared: DuckDBPreparedStatement | undefined;
          try {
            prepared = await connection.prepare(sql);
            bind(prepared, params);
            const result = await prepared.run();
            const names = result.columnNames();
            return (await cells(result, Number.POSITIVE_INFINITY)).map((row) =>
              Object.fromEntries(names.map((name, at) => [name, row[at] ?? null])),
            );
          } finally {
            prepared?.destroySync();
            await connection.run("ROLLBACK").catch(() => undefined);
          }
        });
        last = next.catch(() => undefined);
        return next;
      }),
    query: (sql, limits, signal) =>
      underWay.run(() =>
        asked(
          sql,
          limits,
          signal === undefined ? underWay.ending : AbortSignal.any([signal, underWay.ending]),
        ),
      ),
    async close() {
      await underWay.end();
      shared?.closeSync();
    },
  };
}

/** The gate's hints name the tools of a server of tables. */
function withOurTools(verdict: Rejected): Rejected {
  return verdict.hint?.includes("list_tables") === true
    ? { ...verdict, hint: "inspect_schema lists the tables and views, with example queries." }
    : verdict;
}

function bind(prepared: DuckDBPreparedStatement, params: readonly (string | number | null)[]): void {
  for (const [at, value] of params.entries()) {
    if (value === null) prepared.bindNull(at + 1);
    else if (typeof value === "number") prepared.bindDouble(at + 1, value);
    else prepared.bindVarchar(at + 1, value);
  }
}

/** One statement in a transaction that cannot write, interrupted when it takes too long or too much. */
async function guarded(
  instance: DuckDBInstance,
  { sql, growth, most }: { readonly sql: string; readonly growth: Growth | undefined; readonly most: number },
  limit: number,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<QueryAnswer> {
  const connection = await instance.connect();
  let late = false;
  let large = false;
  const interrupt = () => {
    connection.interrupt();
  };
  const before = process.memoryUsage.rss();
  const scale = setInterval(() => {
    // An interrupt between two statements of one question reaches neither.
    if (signal?.aborted) interrupt();
    if (process.memoryUsage.rss() - before <= most) return;
    large = true;
    interrupt();
  }, 20);
  const timer = setTimeout(() => {
    late = true;
    interrupt();
  }, timeoutMs);
  signal?.addEventListener("abort", interrupt, { once: true });
  try {
    await connection.run("BEGIN TRANSACTION READ ONLY");
    signal?.throwIfAborted();
    if (growth !== undefined) await refuseLength(growth, (names) => longestText(connection, names));
    const statements = await connection.extractStatements(sql);
    if (statements.count !== 1)
      throw new ToolError("VALIDATION_ERROR", "Send one SELECT.", {
        details: { reason: "multiple_statements" },
      });
    const prepared = await statements.prepare(0);
    const result = await prepared.stream();
    const rows = await cells(result, limit + 1);
    return {
      columns: result.columnNames().map((name, at) => ({ name, type: String(result.columnType(at)) })),
      rows: rows.slice(0, limit),
      truncated: rows.length > limit,
      sql,
    };
  } catch (error) {
    if (error instanceof ToolError) throw error;
    if (large) {
      throw new ToolError("COST_LIMIT_EXCEEDED", "The statement was interrupted: it took too much memory.", {
        hint: "Narrow it with WHERE, or make shorter texts.",
        details: { reason: "memory" },
      });
    }
    if (late) {
      throw new ToolError("QUERY_TIMEOUT", `The statement was interrupted after ${timeoutMs} ms.`, {
        hint: "Narrow it with WHERE, or raise timeout_ms.",
      });
    }
    if (signal?.aborted) throw new ToolError("CANCELLED", "The call was cancelled.");
    throw new ToolError("QUERY_ERROR", messageOf(error), {
      hint: "inspect_schema shows tables, columns and example queries.",
      cause: error,
    });
  } finally {
    clearTimeout(timer);
    clearInterval(scale);
    signal?.removeEventListener("abort", interrupt);
    await connection.run("ROLLBACK").catch(() => undefined);
    connection.closeSync();
  }
}

async function cells(result: DuckDBResult, most: number): Promise<Cell[][]> {
  const rows: Cell[][] = [];
  let size = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return rows;
    for (const row of chunk.getRows()) {
      const plain = row.map(toCell);
      if (Number.isFinite(most)) {
        size += JSON.stringify(plain).length;
        if (size > maxBytes) {
          throw new ToolError("RESULT_TOO_LARGE", "The result is larger than 2 MB.", {
            hint: "Select fewer columns or rows.",
          });
        }
      }
      rows.push(plain);
      if (rows.length >= most) return rows;
    }
  }
}

function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint")
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(toCell);
  const { items, entries, micros } = value as { items?: unknown; entries?: unknown; micros?: unknown };
  if (typeof micros === "bigint") return isoOf(micros, String(value));
  if (Array.isArray(items)) return items.map(toCell);
  if (typeof entries === "object" && entries !== null) {
    return Object.fromEntries(Object.entries(entries).map(([key, each]) => [key, toCell(each)]));
  }
  return String(value);
}

function isoOf(micros: bigint, text: string): string {
  if (!/^\d{4}-\d\d-\d\d /.test(text)) return text;
  return `${new Date(Number(micros / 1000n)).toISOString().slice(0, 23)}${String(micros % 1000n).padStart(3, "0")}Z`;
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n")[0] ?? text).slice(0, 400);
}
