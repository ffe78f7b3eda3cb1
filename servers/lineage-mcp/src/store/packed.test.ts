import type { DuckDBConnection } from "@duckdb/node-api";
import * as api from "@duckdb/node-api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createPackedWriter, hasSeparator, type PackedWriter } from "./packed.ts";
import { micros, Rows } from "./rows.ts";
import { type TableName, tables } from "./schema.ts";
import type { Value } from "./value.ts";

const kinds = ["cell_runs", "dataset_versions", "runtime_events"] as const;

async function opened(): Promise<{ connection: DuckDBConnection; writer: PackedWriter; close(): void }> {
  const instance = await api.DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  for (const table of kinds) {
    const columns = Object.entries(tables[table]).map(([name, kind]) => `"${name}" ${kind}`);
    await connection.run(`CREATE TABLE ${table} (${columns.join(", ")})`);
  }
  const writer = createPackedWriter(connection);
  return {
    connection,
    writer,
    close() {
      writer.rest();
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function stored(connection: DuckDBConnection, table: string): Promise<unknown[]> {
  const result = await connection.runAndReadAll(`SELECT * FROM ${table}`);
  return result.getRowsJson();
}

const text = fc
  .oneof(
    fc.string({ unit: "binary" }),
    fc.string(),
    fc.constantFrom("", " ", "'", '"', "\n", ",", "\\u001f", "é€😀"),
  )
  .filter((value) => !hasSeparator(JSON.stringify(value)));
const values: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  VARCHAR: text,
  JSON: fc.jsonValue().map((value) => JSON.stringify(value)),
  DOUBLE: fc.oneof(
    fc.double(),
    fc.integer(),
    fc.constantFrom(0.1, 1e308, 5e-324, Number.NaN, Number.POSITIVE_INFINITY),
  ),
  INTEGER: fc.oneof(fc.integer(), fc.double({ min: -1e6, max: 1e6, noNaN: true })),
  BIGINT: fc.oneof(fc.maxSafeInteger(), fc.constantFrom(1e20, 9.3e18, -1e19, 1.5)),
  TIMESTAMP: fc.oneof(fc.maxSafeInteger(), fc.constant(253_402_300_799_000_000)),
  BOOLEAN: fc.boolean(),
};

/** A column of one value, of none, or of many kinds of both. */
function column(kind: string, length: number): fc.Arbitrary<Value[]> {
  const one = values[kind] ?? text;
  return fc.oneof(
    one.map((value) => Array.from({ length }, () => value)),
    fc.constant(Array.from({ length }, () => undefined)),
    fc.array(one, { minLength: length, maxLength: length }),
    fc.array(fc.oneof(one, fc.constant(null)), { minLength: length, maxLength: length }),
  );
}

test("packed or value by value, the rows are the same", async () => {
  const { connection, writer, close } = await opened();
  const table = fc.constantFrom(...kinds).chain((name) =>
    fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 30, max: 40 })).chain((length) =>
      fc.record({
        name: fc.constant(name as TableName),
        length: fc.constant(length),
        columns: fc.tuple(...Object.values(tables[name]).map((kind) => column(kind, length))),
      }),
    ),
  );
  await fc.assert(
    fc.asyncProperty(table, async ({ name, length, columns }) => {
      const rows = new Rows();
      for (let n = 0; n < length; n += 1)
        rows.add(
          name,
          Object.fromEntries(Object.keys(tables[name]).map((key, at) => [key, columns[at]?.[n]])),
        );
      await rows.write(api, connection);
      const byValue = await stored(connection, name);
      await connection.run(`DELETE FROM ${name}`);
      await rows.write(api, connection, writer);
      const packed = await stored(connection, name);
      await connection.run(`DELETE FROM ${name}`);
      expect(packed).toEqual(byValue);
      expect(packed).toHaveLength(length);
    }),
    { numRuns: 150 },
  );
  close();
});

test("a JSON text that writes a separating character or a zero byte is recognised", () => {
  for (const code of [0, 30, 31])
    expect(hasSeparator(JSON.stringify(`a${String.fromCharCode(code)}b`))).toBe(true);
  expect(hasSeparator('"\\u001F"')).toBe(true);
  for (const code of [1, 29, 32, 127])
    expect(hasSeparator(JSON.stringify(String.fromCharCode(code)))).toBe(false);
});

test("times are what the platform reads, to the microsecond", () => {
  const zone = fc.constantFrom("Z", "+00:00", "+01:30", "-23:59");
  const day = fc.date({ min: new Date("1960-01-01"), max: new Date("2254-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(day, fc.stringMatching(/^\d{0,9}$/), zone, (date, digits, at) => {
      const second = date.toISOString().slice(0, 19);
      const text = `${second}${digits === "" ? "" : `.${digits}`}${at}`;
      expect(micros(text)).toBe(
        Date.parse(`${second}${at}`) * 1000 + Number(digits.slice(0, 6).padEnd(6, "0")),
      );
    }),
    { numRuns: 3_000 },
  );
});

test("times keep their microseconds, in every zone and before 1970", () => {
  expect(micros("2026-11-20T12:43:39.661407Z")).toBe(1_795_178_619_661_407);
  expect(micros("2026-11-20T13:43:39.661407123+01:00")).toBe(1_795_178_619_661_407);
  expect(micros("2026-11-20T13:43:39.6+01:00")).toBe(1_795_178_619_600_000);
  expect(micros("2026-11-20T13:43:39+01:00")).toBe(1_795_178_619_000_000);
  expect(micros("1969-12-31T23:59:59.999500Z")).toBe(-500);
  for (const wrong of ["", "yesterday", 7, null, undefined]) expect(micros(wrong)).toBe(null);
});
