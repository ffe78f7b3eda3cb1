import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "./database.ts";

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "jq-database-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("what is no database, or cannot be one, is told with its path and what to do", () => {
  writeFileSync(at("text.db"), "not a database at all, but long enough to be looked at\n".repeat(100));
  mkdirSync(at("folder.db"));
  writeFileSync(at("file"), "");
  for (const [name, says] of [
    ["text.db", "is no SQLite database"],
    ["folder.db", "cannot be opened"],
    ["file/inside.db", "cannot be opened"],
  ] as const)
    expect(() => openDatabase(at(name)), name).toThrow(
      expect.objectContaining({
        code: "CONFIG_ERROR",
        message: `database: ${at(name)} ${says}.`,
        hint: expect.any(String),
      }),
    );
});

test("one that another process holds is waited for, then told to be locked, and works again afterwards", () => {
  const holder = openDatabase(at("a.db"));
  holder.exec("CREATE TABLE t (x)");
  const other = openDatabase(at("a.db"), 30);
  holder.exec("BEGIN IMMEDIATE");
  const locked = { code: "UNAVAILABLE", message: expect.stringContaining("locked"), retryAfterMs: 1_000 };
  expect(() => other.run("INSERT INTO t VALUES (1)")).toThrow(expect.objectContaining(locked));
  expect(() => other.transaction(() => 1)).toThrow(expect.objectContaining(locked));
  expect(other.all("SELECT * FROM t")).toEqual([]);
  holder.exec("COMMIT");
  expect(other.run("INSERT INTO t VALUES (1)")).toBe(1);
  other.close();
  holder.close();
});

test("one that another process keeps to itself is told to be locked, with its path", () => {
  const holder = openDatabase(at("a.db"));
  holder.exec("PRAGMA locking_mode=EXCLUSIVE");
  holder.exec("CREATE TABLE t (x)");
  expect(() => openDatabase(at("a.db"), 30)).toThrow(
    expect.objectContaining({
      code: "UNAVAILABLE",
      message: `database: ${at("a.db")} is locked by another process.`,
    }),
  );
  holder.close();
});

test("a full disk and a file that may not be written undo the transaction, and say so without the path", () => {
  const db = openDatabase(at("a.db"));
  db.exec("CREATE TABLE t (x)");
  const fill = () => db.transaction(() => db.run("INSERT INTO t VALUES (?)", "x".repeat(200_000)));
  db.exec("PRAGMA max_page_count=5");
  expect(fill).toThrow(
    expect.objectContaining({
      code: "UNAVAILABLE",
      message: "The library's database has no room left on its disk.",
    }),
  );
  db.exec("PRAGMA max_page_count=5000");
  db.exec("PRAGMA query_only=ON");
  expect(fill).toThrow(expect.objectContaining({ message: "The library's database cannot be written." }));
  db.exec("PRAGMA query_only=OFF");
  expect(db.all("SELECT * FROM t")).toEqual([]);
  fill();
  expect(db.get("SELECT count(*) AS n FROM t")).toEqual({ n: 1 });
  db.close();
});

test("once closed the file alone is the whole of it, and a second close is none", () => {
  const db = openDatabase(at("a.db"));
  db.exec("CREATE TABLE t (x)");
  for (let i = 0; i < 100; i += 1) db.run("INSERT INTO t VALUES (?)", i);
  expect(db.get("SELECT count(*) AS n FROM t")).toEqual({ n: 100 });
  db.close();
  expect(existsSync(at("a.db-wal")) ? statSync(at("a.db-wal")).size : 0).toBe(0);
  copyFileSync(at("a.db"), at("copy.db"));
  const copy = openDatabase(at("copy.db"));
  expect(copy.get("SELECT count(*) AS n FROM t")).toEqual({ n: 100 });
  // Somebody else reads it meanwhile: nobody is waited for.
  const reader = openDatabase(at("copy.db"));
  reader.exec("BEGIN");
  reader.all("SELECT * FROM t");
  copy.run("INSERT INTO t VALUES (1)");
  copy.close();
  expect(reader.get("SELECT count(*) AS n FROM t")).toEqual({ n: 100 });
  reader.close();
});
