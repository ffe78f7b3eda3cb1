import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as api from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { wallClaims } from "./corpus/claims.ts";
import { attackGroups } from "./corpus/index.ts";
import { engineFailure } from "./engine-failure.ts";
import { type LockedInstance, openLocked } from "./locked.ts";
import type { RunRequest } from "./protocol.ts";
import { createFixture, type Fixture, fill, marker } from "./testing/fixture.ts";
import { hashes } from "./testing/open-instance.ts";

let fixture: Fixture;
let file: LockedInstance;
let views: LockedInstance;
let spill: string;

beforeAll(async () => {
  fixture = await createFixture();
  spill = await mkdtemp(join(tmpdir(), "duckdb-spill-test-"));
  const caps = { memoryLimit: "256MB", threads: 1, tempDirectory: spill, maxTempSize: "64MB" };
  file = await openLocked(api, { kind: "file", path: fixture.db }, caps);
  const csv = join(fixture.folder, "sales.csv");
  await writeFile(join(fixture.folder, "other.csv"), `a\n${marker}_unlisted\n`);
  const select = `SELECT * FROM read_csv('${csv}')`;
  views = await openLocked(api, { kind: "views", files: [csv], views: [{ name: "sales", select }] }, caps);
});

afterAll(async () => {
  file.close();
  views.close();
  await fixture.remove();
  await rm(spill, { recursive: true, force: true });
});

function request(sql: string): RunRequest {
  return {
    sql,
    params: [],
    searchPath: ["main"],
    skip: 0,
    maxRows: 20,
    maxBytes: 100_000,
    maxCellChars: 500,
  };
}

/** The answer, or the failure as its caller would see it; broken off after a second. */
async function run(instance: LockedInstance, sql: string): Promise<{ ok: boolean; text: string }> {
  const session = await instance.session();
  const timer = setTimeout(() => session.interrupt(), 1_000);
  try {
    return { ok: true, text: JSON.stringify((await session.run(request(sql))).rows) };
  } catch (error) {
    return { ok: false, text: JSON.stringify(engineFailure(error, [fixture.db])) };
  } finally {
    clearTimeout(timer);
    session.close();
  }
}

/** What a locked instance must not give away, by family. */
const forbidden: Partial<Record<keyof typeof wallClaims, RegExp>> = {
  "read a file": new RegExp(`${marker}_(file|csv|parquet|env)`),
};

for (const { family, attacks } of attackGroups) {
  if (wallClaims[family].locked !== "all") continue;
  const harmful = attacks.filter((attack) => attack.reason !== undefined);
  if (harmful.length === 0) continue;
  test(`gate off, ${family}: ${harmful.length} texts change and reveal nothing`, {
    timeout: 120_000,
  }, async () => {
    const before = await hashes(fixture.root);
    for (const attack of harmful) {
      const sql = fill(attack.sql, fixture);
      for (const instance of [file, views]) {
        const { ok, text } = await run(instance, sql);
        if (family === "write data" || family === "attach or load" || family === "write a file") {
          expect({ sql, ok }).toEqual({ sql, ok: false });
        }
        // The views' own file is what the source is for.
        if (instance === file) expect(text, sql).not.toMatch(forbidden[family] ?? /$^/);
        else expect(text, sql).not.toMatch(new RegExp(`${marker}_(file|parquet|env|unlisted|table)`));
      }
    }
    expect(await hashes(fixture.root)).toEqual(before);
  });
}

test("a listed file cannot be overwritten, whatever the options of COPY", async () => {
  const csv = join(fixture.folder, "sales.csv");
  const before = await readFile(csv, "utf8");
  for (const options of [
    "",
    " (USE_TMP_FILE false)",
    " (USE_TMP_FILE false, FORMAT csv)",
    " (OVERWRITE true)",
  ]) {
    const { ok } = await run(views, `COPY (SELECT 1 AS gone) TO '${csv}'${options}`);
    expect(ok).toBe(false);
    expect(await readFile(csv, "utf8")).toBe(before);
  }
});

test("only listed files are readable, under any spelling", async () => {
  const unlisted = join(fixture.folder, "other.csv");
  const spellings = [
    unlisted,
    `${fixture.folder}/./other.csv`,
    `${fixture.folder}/../folder/other.csv`,
    `file://${unlisted}`,
    `${fixture.folder}/o*.csv`,
    `${fixture.folder}/*`,
    `${join(fixture.folder, "sales.csv")}/../other.csv`,
  ];
  for (const path of spellings) {
    for (const sql of [`FROM '${path}'`, `FROM read_csv('${path}')`, `FROM read_text('${path}')`]) {
      const { text } = await run(views, sql);
      expect(text, sql).not.toContain(`${marker}_unlisted`);
    }
  }
  expect((await run(views, "FROM sales")).text).toContain("csv");
});

test("the statement type decides, and the text is one statement", async () => {
  const refused: [string, string][] = [
    ["SELECT 1; SELECT 2", "multiple_statements"],
    ["CREATE TEMP TABLE t AS SELECT 1", "forbidden_statement"],
    ["SET VARIABLE x = 1", "forbidden_statement"],
    ["EXPLAIN ANALYZE INSERT INTO orders VALUES (1, 1, 1, 'x')", "forbidden_statement"],
    ["PREPARE p AS SELECT 1", "forbidden_statement"],
    ["CALL enable_logging()", "forbidden_statement"],
  ];
  for (const [sql, reason] of refused) {
    const session = await file.session();
    await expect(session.run(request(sql)), sql).rejects.toMatchObject({
      code: "VALIDATION_ERROR",
      details: { reason },
    });
    await expect(session.explain(request(sql), true), sql).rejects.toMatchObject({
      code: "VALIDATION_ERROR",
    });
    session.close();
  }
});

test("settings stay as they were locked", async () => {
  const session = await file.session();
  await expect(session.connection.run("SET threads = 8")).rejects.toThrow(/locked/);
  await expect(session.connection.run("SET enable_external_access = true")).rejects.toThrow(
    /locked|disabled|Cannot/,
  );
  await expect(session.connection.run("INSTALL httpfs")).rejects.toThrow();
  session.close();
});

test("a plan comes without running and with running", async () => {
  const session = await file.session();
  const plan = JSON.parse(
    await session.explain(request("SELECT sum(amount) FROM orders"), false),
  ) as unknown[];
  const measured = JSON.parse(
    await session.explain(request("SELECT sum(amount) FROM orders"), true),
  ) as object;
  session.close();
  expect(plan[0]).toHaveProperty("name");
  expect(measured).toHaveProperty("latency");
});

test("a bare name is looked up along the search path", async () => {
  const session = await file.session();
  const result = await session.run({ ...request("FROM regions"), searchPath: ["main", "extra"] });
  session.close();
  expect(result.rows).toEqual([[1, "north"]]);
});
