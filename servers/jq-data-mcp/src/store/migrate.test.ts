import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Database, openDatabase } from "./database.ts";
import { migrate, versionOf } from "./migrate.ts";
import { migrations } from "./schema.ts";

let folder: string;
let db: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "migrate-"));
  db = openDatabase(join(folder, "tools.db"));
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

const step = (name: string, sql: string) => ({ name, sql });

test("an empty file gets today's schema, once", () => {
  expect(migrate(db)).toEqual({ from: 0, to: migrations.length });
  expect(migrate(db)).toEqual({ from: migrations.length, to: migrations.length });
  expect(db.get("PRAGMA journal_mode")).toEqual({ journal_mode: "wal" });
});

test("a later step keeps the data and leaves a copy from before", () => {
  const first = step("a", "CREATE TABLE a (x TEXT)");
  migrate(db, [first]);
  db.run("INSERT INTO a VALUES ('kept')");
  const { copy } = migrate(db, [first, step("b", "ALTER TABLE a ADD COLUMN y TEXT DEFAULT 'new'")]);
  expect(db.all("SELECT * FROM a")).toEqual([{ x: "kept", y: "new" }]);
  const old = openDatabase(copy as string);
  expect([versionOf(old), old.all("SELECT * FROM a")]).toEqual([1, [{ x: "kept" }]]);
  old.close();
});

test("Database migration rollback: a failed step changes nothing", () => {
  const first = step("a", "CREATE TABLE a (x TEXT); INSERT INTO a VALUES ('kept')");
  migrate(db, [first]);
  const broken = step("broken", "CREATE TABLE b (x TEXT); DELETE FROM a; INSERT INTO nowhere VALUES (1)");
  expect(() => migrate(db, [first, broken])).toThrow(
    expect.objectContaining({ code: "CONFIG_ERROR", details: { reason: "migration", step: 2 } }),
  );
  expect(versionOf(db)).toBe(1);
  expect(db.all("SELECT * FROM a")).toEqual([{ x: "kept" }]);
  expect(db.get("SELECT name FROM sqlite_master WHERE name = 'b'")).toBeUndefined();
  expect(readdirSync(folder).some((name) => name.includes("before-2"))).toBe(true);
  expect(migrate(db, [first, step("fixed", "CREATE TABLE b (x TEXT)")]).to).toBe(2);
});

test("a newer schema is refused and left alone", () => {
  migrate(db);
  db.exec("PRAGMA user_version = 99");
  expect(() => migrate(db)).toThrow(
    expect.objectContaining({
      code: "CONFIG_ERROR",
      details: expect.objectContaining({ reason: "newer_schema" }),
    }),
  );
  expect(versionOf(db)).toBe(99);
});

test("the audit cannot be changed or deleted", () => {
  migrate(db);
  db.run("INSERT INTO audit VALUES ('1', 'now', 'u', 'a', 's', '{}')");
  expect(() => db.run("UPDATE audit SET actor = 'x'")).toThrow(/append-only/);
  expect(() => db.run("DELETE FROM audit")).toThrow(/append-only/);
});

test("a failed transaction leaves nothing, a nested one joins", () => {
  migrate(db);
  expect(() =>
    db.transaction(() => {
      db.transaction(() => db.run("INSERT INTO meta VALUES ('a', '1')"));
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(db.all("SELECT * FROM meta")).toEqual([]);
});

test("a path that cannot be opened is a configuration error", () => {
  expect(() => openDatabase(join(folder, "tools.db", "below.db"))).toThrow(
    expect.objectContaining({ code: "CONFIG_ERROR" }),
  );
});

test("a single null, no value and several are bound alike", () => {
  migrate(db);
  expect(db.get("SELECT coalesce(?, 'none') AS x", null)).toEqual({ x: "none" });
  expect(db.all("SELECT ? AS x", null)).toEqual([{ x: null }]);
  expect(db.get("SELECT 1 AS x")).toEqual({ x: 1 });
  expect(db.get("SELECT ? AS x, ? AS y", "a", null)).toEqual({ x: "a", y: null });
  expect(db.run("DELETE FROM meta WHERE key = ?", null)).toBe(0);
});
