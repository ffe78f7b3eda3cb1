import * as api from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCellReader, exactDecimal, exactInteger } from "./cells.ts";

let instance: api.DuckDBInstance;
let connection: api.DuckDBConnection;

beforeAll(async () => {
  instance = await api.DuckDBInstance.create(":memory:");
  connection = await instance.connect();
  await connection.run("SET TimeZone = 'Asia/Tokyo'");
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

async function cell(expression: string, maxChars = 1_000) {
  const result = await connection.run(`SELECT ${expression} AS a`);
  const chunk = await result.fetchChunk();
  if (chunk === null) throw new Error("no row");
  const reader = createCellReader(api, maxChars);
  const value = reader.read(chunk.getColumnVector(0), 0, 0, result.columnType(0));
  return { value, cut: reader.cuts(1)[0] };
}

const values: readonly [string, unknown][] = [
  ["NULL", null],
  ["true", true],
  ["42::TINYINT", 42],
  ["9007199254740991::BIGINT", 9007199254740991],
  ["9007199254740993::BIGINT", "9007199254740993"],
  ["(-9223372036854775808)::BIGINT", "-9223372036854775808"],
  ["18446744073709551615::UBIGINT", "18446744073709551615"],
  ["170141183460469231731687303715884105727::HUGEINT", "170141183460469231731687303715884105727"],
  ["340282366920938463463374607431768211455::UHUGEINT", "340282366920938463463374607431768211455"],
  [
    "'123456789012345678901234567890123456789012345'::BIGNUM",
    "123456789012345678901234567890123456789012345",
  ],
  ["1.5::DOUBLE", 1.5],
  ["'nan'::DOUBLE", "NaN"],
  ["'infinity'::DOUBLE", "Infinity"],
  ["'-infinity'::FLOAT", "-Infinity"],
  ["12.30::DECIMAL(10, 2)", 12.3],
  ["-0.05::DECIMAL(4, 2)", -0.05],
  ["1234567890123456.78::DECIMAL(20, 2)", "1234567890123456.78"],
  ["0.10000000000000000001::DECIMAL(38, 20)", "0.10000000000000000001"],
  ["DATE '2024-02-29'", "2024-02-29"],
  ["'infinity'::DATE", "infinity"],
  ["'-infinity'::DATE", "-infinity"],
  ["'infinity'::TIMESTAMP", "infinity"],
  ["'-infinity'::TIMESTAMP_S", "-infinity"],
  ["'infinity'::TIMESTAMP_MS", "infinity"],
  ["'infinity'::TIMESTAMP_NS", "infinity"],
  ["DATE '0044-03-15 (BC)'", "0044-03-15 (BC)"],
  ["TIMESTAMP '2024-02-29 12:34:56.789'", "2024-02-29 12:34:56.789"],
  ["TIMESTAMP_NS '2024-02-29 12:34:56.123456789'", "2024-02-29 12:34:56.123456789"],
  ["TIMESTAMP_S '2024-02-29 12:34:56'", "2024-02-29 12:34:56"],
  ["TIMESTAMPTZ '2024-01-01 00:00:00+02'", "2023-12-31 22:00:00+00"],
  ["'infinity'::TIMESTAMPTZ", "infinity"],
  ["TIME '10:11:12.5'", "10:11:12.5"],
  ["'10:11:12+02'::TIMETZ", "10:11:12+02"],
  ["INTERVAL '1 year 2 days 3 hours'", "1 year 2 days 03:00:00"],
  ["'6a1b5d04-3c7e-4b0c-9a70-111111111111'::UUID", "6a1b5d04-3c7e-4b0c-9a70-111111111111"],
  ["'\\x00\\xFF'::BLOB", "AP8="],
  ["'10101'::BIT", "10101"],
  ["'b'::ENUM('a', 'b')", "b"],
  ["[1, NULL, 3]", [1, null, 3]],
  ["[[1], []]", [[1], []]],
  ["[9007199254740993]", ["9007199254740993"]],
  ["['nan'::DOUBLE]", ["NaN"]],
  ["['\\x01'::BLOB]", ["AQ=="]],
  ["[1, 2]::INTEGER[2]", [1, 2]],
  ["{'a': 1, 'b': [DATE '2024-01-01']}", { a: 1, b: ["2024-01-01"] }],
  ["NULL::STRUCT(a INTEGER)", null],
  ["row(1, 'x')", [1, "x"]],
  ["MAP {'k': 1, 'l': NULL}", { k: 1, l: null }],
  ["MAP {1: 'a'}", [{ key: 1, value: "a" }]],
  ["union_value(n := 5)", 5],
  ['\'{"a": [1, {"b": null}]}\'::JSON', { a: [1, { b: null }] }],
  ["'[12345678901234567890]'::JSON", "[12345678901234567890]"],
  ["'plain'::VARCHAR", "plain"],
  ["'{\"a\": 1}'::VARCHAR", '{"a": 1}'],
];

for (const [expression, expected] of values) {
  test(expression, async () => {
    expect((await cell(expression)).value).toEqual(expected);
  });
}

test("a value survives JSON as it is", async () => {
  for (const [expression] of values) {
    const { value } = await cell(expression);
    expect(JSON.parse(JSON.stringify(value))).toEqual(value);
  }
});

test("long values are cut and counted", async () => {
  expect(await cell("repeat('x', 50)", 10)).toEqual({ value: "xxxxxxxxxx", cut: 1 });
  expect(await cell("repeat('x', 10)", 10)).toEqual({ value: "xxxxxxxxxx", cut: 0 });
  expect(await cell("'aaaaaaaaa😀'", 10)).toEqual({ value: "aaaaaaaaa", cut: 1 });
  expect(await cell("range(1000)", 20)).toMatchObject({ cut: 1, value: "[0,1,2,3,4,5,6,7,8,9" });
  const blob = await cell("repeat('a', 100)::BLOB", 16);
  expect(blob).toMatchObject({ cut: 1 });
  expect(Buffer.from(String(blob.value), "base64").toString()).toBe("aaaaaaaaaaaa");
});

test("a double holds every digit or the text stays", () => {
  expect(exactDecimal("0.00")).toBe(0);
  expect(exactDecimal("999999999999999")).toBe(999999999999999);
  expect(exactDecimal("9999999999999999")).toBe("9999999999999999");
  expect(exactInteger(-(2n ** 53n) + 1n)).toBe(-(2 ** 53) + 1);
  expect(exactInteger(2n ** 53n)).toBe("9007199254740992");
});
