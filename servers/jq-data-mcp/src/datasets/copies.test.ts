import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createCopies } from "./copies.ts";

const home = mkdtempSync(join(tmpdir(), "copies-test-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
let folders = 0;
const newFolder = () => join(home, `${++folders}`);

const bytes = (size: number) =>
  async function* () {
    for (let left = size; left > 0; left -= 100) yield Buffer.alloc(Math.min(100, left), 0x20);
  };

test("a copy is made once, whoever asks at the same time, and found again by the next process", async () => {
  const folder = newFolder();
  let made = 0;
  const source = async function* () {
    made += 1;
    await new Promise((resolve) => setImmediate(resolve));
    yield Buffer.from("[1,2]");
  };
  const copies = createCopies(folder, 1_000);
  const all = await Promise.all(Array.from({ length: 5 }, () => copies.open("a", source)));
  const later = await createCopies(folder, 1_000).open("a", source);
  expect([made, readFileSync(later.fd, "utf8")]).toEqual([1, "[1,2]"]);
  expect(new Set([...all, later].map(({ version }) => version)).size).toBe(1);
  for (const one of [...all, later]) one.close();
});

test("the longest unused copies give way, never those being read", async () => {
  const folder = newFolder();
  const copies = createCopies(folder, 1_000);
  const held = await copies.open("held", bytes(400));
  (await copies.open("b", bytes(300))).close();
  (await copies.open("c", bytes(300))).close();
  (await copies.open("b", bytes(300))).close();
  let again = false;
  (await copies.open("d", bytes(300))).close();
  (
    await copies.open("b", async function* () {
      again = true;
      yield* bytes(300)();
    })
  ).close();
  expect([again, copies.usedBytes, readdirSync(folder).length]).toEqual([false, 1_000, 3]);
  await expect(copies.open("e", bytes(700))).rejects.toMatchObject({ code: "COST_LIMIT_EXCEEDED" });
  expect(readFileSync(held.fd)).toHaveLength(400);
  held.close();
  held.close();
  (await copies.open("e", bytes(1_000))).close();
  expect([copies.usedBytes, readdirSync(folder).length]).toEqual([1_000, 1]);
});

test("what has no room at all is refused before a byte of it is read", async () => {
  const copies = createCopies(newFolder(), 100);
  let read = false;
  const source = async function* () {
    read = true;
    yield Buffer.alloc(0);
  };
  await expect(copies.open("a", source, 101)).rejects.toMatchObject({ details: { reason: "no_room" } });
  expect(read).toBe(false);
});

test("a source that fails leaves nothing, and the next attempt starts anew", async () => {
  const folder = newFolder();
  const copies = createCopies(folder, 1_000);
  const failing = async function* () {
    yield Buffer.alloc(200);
    throw new Error("broke off");
  };
  await expect(copies.open("a", failing)).rejects.toThrow("broke off");
  expect([copies.usedBytes, readdirSync(folder)]).toEqual([0, []]);
  const file = await copies.open("a", bytes(200));
  expect(file.size).toBe(200);
  file.close();
});

test("half-made copies of ended processes are removed, others' are left, strange files too", async () => {
  const folder = newFolder();
  (await createCopies(folder, 1_000).open("a", bytes(500))).close();
  const name = "0".repeat(32);
  const parts = {
    mine: `${name}.${process.pid}.part`,
    dead: `${name}.4194304.part`,
    alive: `${name}.1.part`,
  };
  for (const part of Object.values(parts)) writeFileSync(join(folder, part), "x");
  writeFileSync(join(folder, "readme"), "x");
  const copies = createCopies(folder, 600);
  (await copies.open("b", bytes(300))).close();
  expect(copies.usedBytes).toBe(300);
  const left = Object.entries(parts).filter(([, part]) => existsSync(join(folder, part)));
  expect(left.map(([kind]) => kind)).toEqual(["alive"]);
  expect(existsSync(join(folder, "readme"))).toBe(true);
});

test("a copy another process removed is made again", async () => {
  const folder = newFolder();
  const copies = createCopies(folder, 1_000);
  (await copies.open("a", bytes(100))).close();
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  const file = await copies.open("a", bytes(100));
  expect([file.size, copies.usedBytes]).toEqual([100, 100]);
  file.close();
});
