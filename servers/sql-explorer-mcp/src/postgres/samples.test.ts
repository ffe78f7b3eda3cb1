import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../engine/engine.ts";
import { access } from "./testing/access.ts";
import { postgresSuite } from "./testing/suite.ts";

const signal = new AbortController().signal;
const suite = postgresSuite(`
  CREATE TYPE mood AS ENUM ('sad', 'ok');
  CREATE TABLE t AS SELECT n % 5 AS few, n AS many, NULL::text AS nothing, repeat('x', 500) AS long,
    '{}'::jsonb AS doc, '\\x00'::bytea AS blob, to_tsvector('a') AS words, 'ok'::mood AS mood,
    'a@b' AS email, 'odd' AS "od""d" FROM generate_series(1, 1000) n;
  CREATE TABLE empty (id int);
  CREATE VIEW slow AS SELECT count(*) AS n FROM generate_series(1, 1000000000);
`);

let engine: Engine;
beforeAll(() => {
  engine = suite.engine();
});

const all = ["few", "many", "nothing", "long", "doc", "blob", "words", "mood", "email", 'od"d'];
const of = (name: string) => ({ schema: "public", name });

test("up to the limit of distinct values per column, as text, never of types that say nothing", async () => {
  expect(await engine.samples(of("t"), all, 3, access(), signal)).toEqual({
    few: ["1", "2", "3"],
    many: ["1", "2", "3"],
    nothing: [],
    long: ["x".repeat(100)],
    mood: ["ok"],
    email: ["a@b"],
    'od"d': ["odd"],
  });
});

test("nothing of an empty or unknown table", async () => {
  expect(await engine.samples(of("empty"), ["id"], 3, access(), signal)).toEqual({ id: [] });
  expect(await engine.samples(of("missing"), ["id"], 3, access(), signal)).toEqual({});
  expect(await engine.samples(of("t"), ["no such"], 3, access(), signal)).toEqual({});
});

test("the walls stand: a withheld column or table gives no sample", async () => {
  const denied = access({ columns: { t: { deny: ["email"] } } });
  await expect(engine.samples(of("t"), ["email"], 3, denied, signal)).rejects.toMatchObject({
    code: "VALIDATION_ERROR",
  });
  const masked = access({ columns: { t: { mask: ["email"] } } });
  await expect(engine.samples(of("t"), ["email"], 3, masked, signal)).rejects.toMatchObject({
    code: "VALIDATION_ERROR",
  });
  const excluded = access({ excludeTables: ["t"] });
  await expect(engine.samples(of("t"), ["few"], 3, excluded, signal)).rejects.toMatchObject({
    code: "VALIDATION_ERROR",
  });
});

test("a slow relation is given up after a second", async () => {
  const started = performance.now();
  await expect(engine.samples(of("slow"), ["n"], 3, access(), signal)).rejects.toMatchObject({
    code: "QUERY_TIMEOUT",
  });
  expect(performance.now() - started).toBeLessThan(3_000);
});
