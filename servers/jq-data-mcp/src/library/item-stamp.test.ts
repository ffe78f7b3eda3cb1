import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDatabase } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { createItemStamp } from "./item-stamp.ts";

function setup() {
  const path = join(mkdtempSync(join(tmpdir(), "jq-stamp-")), "tools.db");
  const db = openDatabase(path);
  migrate(db);
  return { path, db, stamp: createItemStamp(db) };
}

type Database = ReturnType<typeof openDatabase>;

const add = (db: Database, kind: string, key: string, active: string | null) =>
  db.run(
    "INSERT INTO items (item, kind, key, name, active) VALUES (?, ?, ?, ?, ?)",
    `${kind}:${key}`,
    kind,
    key,
    key,
    active,
  );

test("it changes when an item becomes active, gets another version or goes, and not otherwise", () => {
  const { db, stamp } = setup();
  const changes = (write: () => void) => {
    const before = stamp();
    write();
    return stamp() !== before;
  };
  expect(changes(() => add(db, "tool", "a", null))).toBe(false);
  expect(changes(() => db.run("UPDATE items SET active = 'v1'"))).toBe(true);
  expect(changes(() => db.run("UPDATE items SET active = 'v1', updated_at = 'now'"))).toBe(false);
  expect(changes(() => db.run("UPDATE items SET active = 'v2'"))).toBe(true);
  expect(changes(() => db.run("UPDATE items SET active = NULL"))).toBe(true);
  expect(changes(() => db.run("INSERT INTO meta VALUES ('a', 'b')"))).toBe(false);
});

test("a kind has its own", () => {
  const { db, stamp } = setup();
  const before = [stamp("tool"), stamp("function")];
  add(db, "function", "f/0", "v1");
  expect([stamp("tool") === before[0], stamp("function") === before[1]]).toEqual([true, false]);
});

test("what was undone does not make the next change look like it", () => {
  const { db, stamp } = setup();
  let inside = "";
  expect(() =>
    db.transaction(() => {
      add(db, "tool", "a", "v1");
      inside = stamp();
      throw new Error("no");
    }),
  ).toThrow("no");
  add(db, "tool", "b", "v1");
  expect(stamp()).not.toBe(inside);
});

test("another process's change is seen", () => {
  const { path, stamp } = setup();
  const before = stamp();
  const other = openDatabase(path);
  add(other, "tool", "a", "v1");
  other.close();
  return expect.poll(stamp).not.toBe(before);
});
