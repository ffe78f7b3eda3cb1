import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createResultStore, type ResultStore } from "./result-store.ts";

const home = mkdtempSync(join(tmpdir(), "results-test-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
let folders = 0;
const open = (budget: number) => createResultStore(join(home, `${++folders}`), budget);

const inMemory = (store: ResultStore, text: string) =>
  store.keep("a", { bytes: Buffer.from(text), path: undefined });
function inFile(store: ResultStore, text: string) {
  const path = store.spillPath();
  writeFileSync(path, text);
  return store.keep("a", { bytes: undefined, path });
}

const items = Array.from({ length: 90_000 }, (_, i) => JSON.stringify({ i, s: 'x,]"\\' }));

test.each([
  ["memory", inMemory],
  ["a file", inFile],
] as const)("one array in %s becomes its elements, many values stay as they are", async (_, keep) => {
  const store = open(1e9);
  const one = await keep(store, `[${items.join(",")}]\n`);
  expect(one).toMatchObject({ count: items.length, ofOneArray: true });
  const text = one.read(0, 1e8).toString();
  expect(text.split("\n").slice(0, items.length)).toEqual(items);
  expect(text).toHaveLength(one.bytes);
  const middle = one.bytes - 100;
  expect(one.read(middle, 50).toString()).toBe(text.slice(middle, middle + 50));
  const many = await keep(store, `${items.join("\n")}\n[1]\n`);
  expect(many).toMatchObject({ count: items.length + 1, ofOneArray: false });
  store.close();
});

test("others see nothing; what was dropped is gone with its file", async () => {
  const store = open(1e9);
  const result = await inFile(store, "1\n2\n");
  expect(store.get(result.id, "b")).toBeUndefined();
  expect(store.get(result.id, "a")?.count).toBe(2);
  store.drop(result.id);
  store.drop(result.id);
  expect([store.get(result.id, "a"), store.usedBytes, readdirSync(join(home, `${folders}`))]).toEqual([
    undefined,
    0,
    [],
  ]);
  store.close();
  expect(existsSync(join(home, `${folders}`))).toBe(false);
});

test("small results cost more than their bytes, so that millions of them are not kept", async () => {
  const store = open(100_000);
  for (let i = 0; i < 1_000; i += 1) await inMemory(store, "1\n");
  expect(store.usedBytes).toBeLessThanOrEqual(100_000);
});

test("the oldest go first, what was read again last, the newest never", async () => {
  const store = open(10_000);
  const [a, b] = [await inFile(store, "1".repeat(3_000)), await inMemory(store, "2".repeat(3_000))];
  store.get(a.id, "a");
  const c = await inFile(store, "3".repeat(3_000));
  expect([a, b, c].map(({ id }) => store.get(id, "a") !== undefined)).toEqual([true, false, true]);
  const big = await inFile(store, "4".repeat(50_000));
  expect([a, c, big].map(({ id }) => store.get(id, "a") !== undefined)).toEqual([false, false, true]);
});

test("what a killed process left is removed", () => {
  const folder = join(home, `${folders + 1}`);
  const first = createResultStore(folder, 1_000);
  writeFileSync(first.spillPath(), "1");
  createResultStore(folder, 1_000);
  expect(readdirSync(folder)).toEqual([]);
});
