import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allowedFunctions, allowedTypes, builtinFunctions } from "./builtins.generated.ts";
import { connect, testDatabase } from "./testing/index.ts";

let database: { url: string; drop(): Promise<void> };
let session: pg.Client;

beforeAll(async () => {
  database = await testDatabase("builtins");
  session = await connect(database.url);
});

afterAll(async () => {
  await session?.end();
  await database?.drop();
});

const names = async (where: string, params: unknown[] = []): Promise<string[]> =>
  (
    await session.query(
      `SELECT DISTINCT proname::text AS name FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = ANY ($1) AND ${where} ORDER BY 1`,
      [[...allowedFunctions], ...params],
    )
  ).rows.map((row) => row.name);

test("the list is what the review makes of the server it was read from", async () => {
  const { rows } = await session.query("SHOW server_version_num");
  // Other releases have other functions, and so may minors after 15.20; the properties below hold on every one.
  const version = Number(rows[0].server_version_num);
  if (version < 150_000 || version > 150_020) return;
  const script = fileURLToPath(
    new URL("../../../../../scripts/generate/postgres-functions.mjs", import.meta.url),
  );
  const env = { ...process.env, TEST_POSTGRES_URL: database.url };
  await expect(promisify(execFile)(process.execPath, [script, "--check"], { env })).resolves.toBeDefined();
});

test("it is large enough to work with", () => {
  expect(allowedFunctions.size).toBeGreaterThan(400);
  for (const name of [
    "count",
    "percentile_cont",
    "jsonb_path_query",
    "regexp_replace",
    "date_trunc",
    "unnest",
    "lag",
  ]) {
    expect(allowedFunctions.has(name), name).toBe(true);
  }
});

test("nothing on it is volatile but clocks, dice and identifiers", async () => {
  const harmless = ["clock_timestamp", "gen_random_uuid", "random", "timeofday"];
  const newer = ["array_sample", "array_shuffle", "random_normal", "uuidv4", "uuidv7"];
  expect(await names("provolatile = 'v' AND proname <> ALL ($2)", [newer])).toEqual(harmless);
});

test("nothing on it takes or returns the server's internals or names of its objects", async () => {
  expect(
    await names(
      "EXISTS (SELECT FROM unnest(proargtypes::oid[] || prorettype) t WHERE t = ANY ('{internal,cstring,regclass,regproc,regprocedure,regoper,regtype,regrole,regnamespace,aclitem,refcursor}'::regtype[]))",
    ),
  ).toEqual([]);
});

test("nothing on it runs SQL text, reads files, settings, catalogs, sequences or large objects", () => {
  const families =
    /^(pg_|lo_|lo(read|write)|txid_|has_|to_reg|current_|session_|inet_(client|server)|binary_|nextval|setval|currval|lastval|set(_config|seed)|dblink|crosstab|connectby|ts_(stat|rewrite|debug|parse|lexize|token)|(query|table|schema|database|cursor)_to|obj_|col_|shobj_|format_type|version$)/;
  expect([...allowedFunctions].filter((name) => families.test(name))).toEqual([]);
});

test("types to cast to exclude names of objects", () => {
  expect([...allowedTypes].filter((name) => /^(reg|pg_|xid|cid$|acl)/.test(name))).toEqual([]);
});

test("every function of the server is known, so that no prefix opens one", async () => {
  const { rows } = await session.query(
    "SELECT DISTINCT proname::text AS name FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname !~ '^(pg_|lo_|txid_|binary_upgrade_)'",
  );
  const { rows: version } = await session.query("SHOW server_version_num");
  if (Math.floor(version[0].server_version_num / 10_000) > 15) return;
  expect(rows.map((row) => row.name).filter((name) => !builtinFunctions.has(name))).toEqual([]);
});
