import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../engine/engine.ts";
import { access, limits, request } from "./testing/access.ts";
import { postgresSuite } from "./testing/suite.ts";
import { openGate, readOnlySession } from "./testing/walls.ts";

const suite = postgresSuite(`
  CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
  CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
  CREATE TYPE pair AS (a int, b text);
  CREATE TABLE numbers AS SELECT n, 'row ' || n AS label FROM generate_series(1, 20) n;
  ALTER TABLE numbers ADD PRIMARY KEY (n);
  DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET timezone = %L', current_database(), 'Asia/Tokyo');
    EXECUTE format('ALTER DATABASE %I SET datestyle = %L', current_database(), 'SQL, DMY');
    EXECUTE format('ALTER DATABASE %I SET intervalstyle = %L', current_database(), 'sql_standard');
    EXECUTE format('ALTER DATABASE %I SET bytea_output = %L', current_database(), 'escape');
    EXECUTE format('ALTER DATABASE %I SET extra_float_digits = %L', current_database(), '-5');
  END $$;
`);

let engine: Engine;
beforeAll(() => {
  engine = suite.engine({}, { gate: openGate, session: readOnlySession() });
});

const one = async (expression: string) => {
  const { rows, columns } = await engine.query(request(`SELECT ${expression} AS x`));
  return { cell: rows[0]?.[0], type: columns[0]?.type };
};

describe("types survive", () => {
  test.each([
    ["true", true, "boolean"],
    ["32767::int2", 32767, "smallint"],
    ["2147483647", 2147483647, "integer"],
    ["9007199254740991::int8", 9007199254740991, "bigint"],
    ["9223372036854775807::int8", "9223372036854775807", "bigint"],
    ["12.50::numeric(10,2)", 12.5, "numeric(10,2)"],
    ["1234567890.12345678901::numeric", "1234567890.12345678901", "numeric"],
    ["'NaN'::numeric", "NaN", "numeric"],
    ["'-Infinity'::numeric", "-Infinity", "numeric"],
    ["0.1::float4", 0.1, "real"],
    ["1e300::float8", 1e300, "double precision"],
    ["'NaN'::float8", "NaN", "double precision"],
    ["'Infinity'::float4", "Infinity", "real"],
    ["'naïve ☃ 🐘'::text", "naïve ☃ 🐘", "text"],
    ["'ab'::varchar(10)", "ab", "character varying(10)"],
    ["'ab'::char(4)", "ab  ", "character(4)"],
    ["'2024-02-29'::date", "2024-02-29", "date"],
    ["'infinity'::date", "infinity", "date"],
    ["'0044-03-15 BC'::date", "0044-03-15 BC", "date"],
    ["'2024-02-29 23:59:59.123456'::timestamp", "2024-02-29 23:59:59.123456", "timestamp without time zone"],
    ["'2024-02-29 23:59:59+09'::timestamptz", "2024-02-29 14:59:59+00", "timestamp with time zone"],
    ["'-infinity'::timestamptz", "-infinity", "timestamp with time zone"],
    ["'12:30:00+02'::timetz", "12:30:00+02", "time with time zone"],
    ["'1 year 2 mons 3 days 04:05:06'::interval", "1 year 2 mons 3 days 04:05:06", "interval"],
    ["'\\xdeadbeef'::bytea", "3q2+7w==", "bytea"],
    ["''::bytea", "", "bytea"],
    ['\'{"a": [1, null, "x"]}\'::jsonb', { a: [1, null, "x"] }, "jsonb"],
    ["'null'::json", null, "json"],
    ["'{\"big\": 12345678901234567890}'::jsonb", { big: "12345678901234567890" }, "jsonb"],
    ["ARRAY[1, NULL, 3]", [1, null, 3], "integer[]"],
    [
      "ARRAY[[1,2],[3,4]]",
      [
        [1, 2],
        [3, 4],
      ],
      "integer[]",
    ],
    ["ARRAY['a,b', 'NULL', '{}', '\"']", ["a,b", "NULL", "{}", '"'], "text[]"],
    ["ARRAY[true, false]", [true, false], "boolean[]"],
    ["ARRAY['\\xff'::bytea]", ["/w=="], "bytea[]"],
    ["ARRAY[9223372036854775807]", ["9223372036854775807"], "bigint[]"],
    ["'[0:1]={1,2}'::int[]", [1, 2], "integer[]"],
    ["ARRAY['{\"a\":1}'::jsonb]", [{ a: 1 }], "jsonb[]"],
    ["'[1,10)'::int4range", "[1,10)", "int4range"],
    ["'happy'::mood", "happy", "public.mood"],
    ["ARRAY['sad','ok']::mood[]", ["sad", "ok"], "public.mood[]"],
    ["'a@b'::email", "a@b", "text"],
    ["ROW(1,'x')::pair", "(1,x)", "public.pair"],
    ["'550e8400-e29b-41d4-a716-446655440000'::uuid", "550e8400-e29b-41d4-a716-446655440000", "uuid"],
    ["'10.0.0.0/8'::cidr", "10.0.0.0/8", "cidr"],
    ["'(1,2)'::point", "(1,2)", "point"],
    ["NULL::int", null, "integer"],
  ])("%s", async (expression, cell, type) => {
    expect(await one(expression)).toEqual({ cell, type });
  });
});

describe("rows", () => {
  const series = (count: number) => `SELECT n FROM generate_series(1, ${count}) n`;

  test.each([
    [4, 4, false],
    [5, 5, false],
    [6, 5, true],
  ])("of %i rows a limit of 5 shows %i", async (count, shown, truncated) => {
    const result = await engine.query(request(series(count), { maxRows: 5 }));
    expect(result.rows).toHaveLength(shown);
    expect(result.truncated).toBe(truncated);
    expect(result.cuts).toEqual(truncated ? ["Stopped after 5 rows: the limit of rows."] : []);
  });

  test("a huge result is never read beyond one row more", async () => {
    const endless = await engine.query(request("SELECT generate_series(1, 1000000000000)", { maxRows: 2 }));
    expect(endless).toMatchObject({ rows: [[1], [2]], truncated: true });
  });

  test("a page after the first skips what was shown", async () => {
    const result = await engine.query(request(series(20), { maxRows: 3, offset: 9 }));
    expect(result.rows).toEqual([[10], [11], [12]]);
    expect((await engine.query(request(series(20), { maxRows: 3, offset: 18 }))).rows).toEqual([[19], [20]]);
    const behind = await engine.query(request(series(20), { maxRows: 3, offset: 30 }));
    expect(behind).toMatchObject({ rows: [], truncated: false, cuts: [] });
  });

  test("no rows, no columns, and the same column name twice", async () => {
    expect(await engine.query(request("SELECT n FROM numbers WHERE n < 0"))).toMatchObject({
      rows: [],
      truncated: false,
      columns: [{ name: "n", type: "integer" }],
    });
    expect((await engine.query(request("SELECT FROM numbers LIMIT 2"))).rows).toEqual([[], []]);
    const twice = await engine.query(request("SELECT 1 AS a, 2 AS a"));
    expect(twice.columns.map((column) => column.name)).toEqual(["a", "a"]);
    expect(twice.rows).toEqual([[1, 2]]);
  });
});

describe("sizes", () => {
  const small = (extra: Partial<typeof limits>) => access({}, { limits: { ...limits, ...extra } });

  test("long values are shortened exactly, and it is said", async () => {
    const result = await engine.query(
      request(
        "SELECT repeat('ä', n) AS t, decode(repeat('ff', n), 'hex') AS b FROM generate_series(9, 11) n",
        {
          access: small({ maxCellChars: 10 }),
        },
      ),
    );
    expect(result.rows.map((row) => row[0])).toEqual(["ä".repeat(9), "ä".repeat(10), "ä".repeat(10)]);
    expect(result.rows.map((row) => Buffer.from(String(row[1]), "base64").length)).toEqual([6, 6, 6]);
    expect(result.truncated).toBe(false);
    expect(result.cuts).toEqual([
      'Column "b": 3 values shortened to 10 characters.',
      'Column "t": 1 value shortened to 10 characters.',
    ]);
  });

  test("half of a surrogate pair is never shown", async () => {
    const result = await engine.query(
      request("SELECT repeat('🐘', 4)", { access: small({ maxCellChars: 5 }) }),
    );
    expect(result.rows).toEqual([["🐘🐘"]]);
  });

  test("a large json value is shortened text instead of broken json", async () => {
    const result = await engine.query(
      request(`SELECT to_jsonb(repeat('x', 100))`, { access: small({ maxCellChars: 10 }) }),
    );
    expect(result.rows).toEqual([['"xxxxxxxxx']]);
  });

  test("rows stop before the byte limit is passed", async () => {
    const sql = "SELECT repeat('x', 100) FROM generate_series(1, 50)";
    const result = await engine.query(request(sql, { access: small({ maxBytes: 1_000 }) }));
    expect(result.rows).toHaveLength(10);
    expect(result).toMatchObject({
      truncated: true,
      cuts: ["Stopped after 10 rows: the limit of 1000 bytes."],
    });
    const whole = await engine.query(request(sql, { access: small({ maxBytes: 5_000 }) }));
    expect(whole).toMatchObject({ truncated: false, cuts: [] });
  });

  test("a row that fits nowhere is refused", async () => {
    await expect(
      engine.query(request("SELECT repeat('x', 1001)", { access: small({ maxBytes: 1_000 }) })),
    ).rejects.toMatchObject({ code: "RESULT_TOO_LARGE", details: { max_bytes: 1_000 } });
  });

  test("values larger than an answer may be do not reach the memory", async () => {
    const before = process.memoryUsage().rss;
    const sql = "SELECT n, repeat('x', 80000000 + n) FROM generate_series(1, 30) n";
    await expect(engine.query(request(sql))).rejects.toMatchObject({ code: "RESULT_TOO_LARGE" });
    expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000);
    const mixed = await engine.query(
      request(
        "SELECT CASE WHEN n = 3 THEN repeat('x', 80000000 + n) ELSE 'small' END FROM generate_series(1, 3) n",
      ),
    );
    expect(mixed).toMatchObject({ rows: [["small"], ["small"]], truncated: true });
    expect((await engine.query(request("SELECT 1"))).rows).toEqual([[1]]);
  });

  test("a constant that makes the plan itself huge is refused", async () => {
    await expect(engine.query(request("SELECT repeat('x', 80000000)"))).rejects.toMatchObject({
      code: "RESULT_TOO_LARGE",
      message: "The statement's plan is too large to be checked.",
    });
  });
});

describe("parameters", () => {
  test("take the types the server infers", async () => {
    const result = await engine.query(
      request("SELECT label FROM numbers WHERE n = $1 AND label LIKE $2 AND $3", {
        params: [7, "row%", true],
      }),
    );
    expect(result.rows).toEqual([["row 7"]]);
  });

  test("arrays and objects fit arrays and json", async () => {
    const result = await engine.query(
      request("SELECT array_agg(n), $2::jsonb -> 'a' FROM numbers WHERE n = ANY($1)", {
        params: [[2, 3], { a: ["x"] }],
      }),
    );
    expect(result.rows).toEqual([[[2, 3], ["x"]]]);
  });

  test("what does not fit is refused with its number", async () => {
    await expect(
      engine.query(request("SELECT label FROM numbers WHERE n = $1", { params: [[1]] })),
    ).rejects.toMatchObject({ code: "VALIDATION_ERROR", details: { parameter: 1, expected: "integer" } });
    await expect(
      engine.query(request("SELECT label FROM numbers WHERE n = $1", { params: ["seven"] })),
    ).rejects.toMatchObject({ code: "QUERY_ERROR", details: { sqlstate: "22P02" } });
  });
});
