import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openExplorer, openShop, tempFolder } from "../../test/support/explorer.ts";

interface Result {
  columns: { name: string; type: string }[];
  rows: unknown[][];
  text?: string;
  row_count: number;
  truncated: boolean;
  sql_executed: string;
  tables_accessed: string[];
}

const byId = "SELECT id FROM orders WHERE id <= 5 ORDER BY id";

const shop = await openShop();
const strict = await openShop({ exclude_tables: ["customers"], columns: { reviews: { deny: ["body"] } } });
afterAll(() => Promise.all([shop[Symbol.asyncDispose](), strict[Symbol.asyncDispose]()]));

test.each([
  [4, 4, true],
  [5, 5, false],
  [6, 5, false],
])("truncated is exact: 5 rows, max_rows %i", async (max_rows, row_count, truncated) => {
  expect(await shop.ask<Result>("query", { sql: byId, max_rows })).toMatchObject({ row_count, truncated });
});

test("the answer tells columns with types, the text that ran and the tables it read", async () => {
  const answer = await shop.call("query", {
    sql: "SELECT c.name, count(*) AS orders FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id = $1 GROUP BY 1 -- end",
    params: [7],
  });
  expect(answer).toMatchObject({
    success: true,
    project_id: "default",
    schema: "main",
    data: {
      columns: [
        { name: "name", type: "VARCHAR" },
        { name: "orders", type: "BIGINT" },
      ],
      row_count: 1,
      truncated: false,
    },
  });
  const data = (answer as unknown as { data: Result }).data;
  expect(data.sql_executed).toMatch(/-- end\nLIMIT 501$/);
  expect([...data.tables_accessed].sort()).toEqual(["main.customers", "main.orders"]);
});

test("the cursor walks through every row once, whatever the format, and belongs to its call", async () => {
  const sql = "SELECT id, placed_at FROM orders ORDER BY id";
  const seen: unknown[] = [];
  let cursor: string | undefined;
  do {
    const answer = await shop.call("query", {
      sql,
      max_rows: 700,
      ...(cursor === undefined ? {} : { cursor }),
    });
    if (!answer.success) throw new Error(JSON.stringify(answer));
    const data = answer.data as unknown as Result;
    seen.push(...data.rows.map(([id]) => id));
    expect(data.truncated).toBe(answer.page?.next_cursor !== undefined);
    cursor = answer.page?.next_cursor;
    if (cursor !== undefined) {
      for (const other of [{ sql: byId }, { sql, params: [1] }]) {
        expect(await shop.refused("query", { ...other, cursor })).toMatchObject({ code: "CURSOR_EXPIRED" });
      }
    }
  } while (cursor !== undefined);
  expect(seen).toEqual(Array.from({ length: 2_000 }, (_, i) => i + 1));
});

test("paging without ORDER BY is warned about", async () => {
  const answer = await shop.call("query", { sql: "SELECT id FROM orders", max_rows: 2 });
  expect(answer).toMatchObject({
    warnings: expect.arrayContaining([expect.stringContaining("no ORDER BY")]),
  });
});

test("a result too large for one answer is cut at whole rows with a cursor, never refused", async () => {
  const sql = "SELECT i, repeat('x', 1000) AS pad FROM range(200) t(i) ORDER BY i";
  const answer = await shop.call("query", { sql });
  expect(JSON.stringify(answer).length).toBeLessThanOrEqual(40_000);
  expect(answer).toMatchObject({ success: true, data: { truncated: true }, page: { has_more: true } });
  const first = answer as unknown as { data: Result; page: { next_cursor: string } };
  const next = await shop.ask<Result>("query", { sql, cursor: first.page.next_cursor });
  expect(next.rows[0]?.[0]).toBe(first.data.row_count);
});

test("one row wider than the answer arrives with shortened cells and a warning", async () => {
  await using wide = await openShop({ limits: { max_cell_chars: 100_000 } });
  const answer = await wide.call("query", { sql: "SELECT repeat('x', 60000) AS a, 1 AS b" });
  expect(answer).toMatchObject({
    success: true,
    data: { row_count: 1 },
    warnings: [expect.stringContaining("shortened")],
  });
});

test.each(["objects", "csv", "tsv", "markdown"] as const)("format %s", async (format) => {
  const data = await shop.ask<Result>("query", { sql: "SELECT 1 AS a, 'x,y' AS a, NULL AS b", format });
  const expected = {
    objects: [{ a: 1, a_2: "x,y", b: null }],
    csv: 'a,a,b\n1,"x,y",',
    tsv: "a\ta\tb\n1\tx,y\t",
    markdown: "| a | a | b |\n| --- | --- | --- |\n| 1 | x,y |  |",
  };
  if (format === "objects") expect(data.rows).toEqual(expected.objects);
  else expect(data.text).toContain(expected[format]);
});

test("no rows are an empty result with its columns", async () => {
  expect(await shop.ask<Result>("query", { sql: "SELECT id FROM orders WHERE false" })).toMatchObject({
    columns: [{ name: "id" }],
    rows: [],
    row_count: 0,
    truncated: false,
  });
});

test.each([
  [{ sql: "" }, "VALIDATION_ERROR", "empty_statement"],
  [{ sql: "-- nothing" }, "VALIDATION_ERROR", "empty_statement"],
  [{ sql: "SELEC 1" }, "VALIDATION_ERROR", "parse_error"],
  [{ sql: "SELECT 1; SELECT 2" }, "VALIDATION_ERROR", "multiple_statements"],
  [{ sql: "DELETE FROM orders" }, "VALIDATION_ERROR", "forbidden_statement"],
  [{ sql: "SELECT * FROM read_text('/etc/hostname')" }, "VALIDATION_ERROR", "dangerous_function"],
  [{ sql: "SELECT * FROM information_schema.tables" }, "VALIDATION_ERROR", "system_catalog_not_allowed"],
  [{ sql: "SELECT * FROM other.orders" }, "VALIDATION_ERROR", "schema_not_allowed"],
  [{ sql: "SELECT * FROM customers" }, "VALIDATION_ERROR", "table_not_allowed"],
  [{ sql: "SELECT body FROM reviews" }, "VALIDATION_ERROR", "column_not_allowed"],
  [{ sql: `SELECT '${"x".repeat(70_000)}'` }, "VALIDATION_ERROR", "too_large"],
  [{ sql: "SELECT 1", max_rows: 20_000 }, "VALIDATION_ERROR", "too_large"],
  [{ sql: "SELECT 1", timeout_ms: 60_000 }, "VALIDATION_ERROR", "too_large"],
  [{ sql: "SELECT nope FROM orders" }, "QUERY_ERROR", undefined],
  [{ sql: "SELECT 1", format: "xml" }, "VALIDATION_ERROR", "invalid_arguments"],
  [{ statement: "SELECT 1" }, "VALIDATION_ERROR", "invalid_arguments"],
])("refused: %j", async (args, code, reason) => {
  await using shop = await openShop({
    exclude_tables: ["customers"],
    columns: { reviews: { deny: ["body"] } },
  });
  const error = await shop.refused("query", args);
  expect(error.code).toBe(code);
  expect(error.details?.reason).toBe(reason ?? error.details?.reason);
  expect(error.hint ?? error.message).not.toBe("");
});

test("the time limit stops a runaway statement", async () => {
  const sql = "SELECT count(*) FROM range(10000000000000) WHERE hash(range) = 1";
  expect(await shop.refused("query", { sql, timeout_ms: 300 })).toMatchObject({ code: "QUERY_TIMEOUT" });
  expect(await shop.ask<Result>("query", { sql: byId })).toMatchObject({ row_count: 5 });
});

test("what was read is on the record", async () => {
  await shop.ask("query", { sql: byId });
  expect(shop.audited.slice(-1)).toMatchObject([
    {
      tool: "query",
      principal: "local",
      verdict: "ok",
      facts: { source: "shop", tables: ["main.orders"], rows: 5 },
    },
  ]);
});

test("several sources: the source must be named, and files are tables", async () => {
  using folder = tempFolder();
  writeFileSync(join(folder.path, "sales.csv"), "day,amount\n2025-01-01,10\n2025-01-02,32\n");
  await using explorer = openExplorer({
    sources: [
      { id: "a", kind: "files", path: folder.path },
      { id: "b", kind: "files", path: join(folder.path, "sales.csv") },
    ],
  });
  const sql = "SELECT sum(amount) AS total FROM sales";
  expect(await explorer.refused("query", { sql })).toMatchObject({
    code: "AMBIGUOUS",
    details: { candidates: ["a", "b"] },
  });
  for (const source of ["a", "b"]) {
    expect((await explorer.ask<Result>("query", { source, sql })).rows).toEqual([[42]]);
  }
});
