import { silentLog } from "@mcp-data/core/http";
import { afterEach, expect, test } from "vitest";
import { redisCache } from "../src/run/cache.ts";
import { openLibrary } from "./support/open.ts";

const url = () => {
  const found = process.env.TEST_REDIS_URL;
  if (found === undefined)
    throw new Error(
      "TEST_REDIS_URL is not set; run: node scripts/services.mjs run -- npx vitest run servers/jq-data-mcp",
    );
  return found;
};
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
async function open(at = url()) {
  const cache = await redisCache(at, silentLog);
  closers.push(() => cache.close());
  return cache;
}
const key = () => `test-${process.pid}-${Math.random().toString(36).slice(2)}`;
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let i = 0; i < 100; i += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return undefined;
}

test("what one instance ran another finds, byte for byte", async () => {
  const [one, two] = [await open(), await open()];
  const name = key();
  expect(await two.get(name)).toBeUndefined();
  const bytes = new Uint8Array([0, 10, 13, 255, 254, 34, 195, 169]);
  one.set(name, { bytes, engine: "wasm 1.8.2" });
  const found = await eventually(() => two.get(name));
  expect(found?.engine).toBe("wasm 1.8.2");
  expect([...(found?.bytes ?? [])]).toEqual([...bytes]);
});

test("what is too large to share is not shared", async () => {
  const cache = await open();
  const [large, small] = [key(), key()];
  cache.set(large, { bytes: new Uint8Array(1024 * 1024 + 1), engine: "e" });
  cache.set(small, { bytes: new Uint8Array(1), engine: "e" });
  expect(await eventually(() => cache.get(small))).toBeDefined();
  expect(await cache.get(large)).toBeUndefined();
});

test("two servers share runs over Redis, until the data changes", async () => {
  const { Secret } = await import("@mcp-data/core");
  const cache = { redis_url: new Secret(url()).reveal() };
  await using one = await openLibrary({ cache });
  await using two = await openLibrary({ cache });
  const { copyFileSync, statSync, utimesSync } = await import("node:fs");
  const [from, to] = [one, two].map(({ config }) => `${config.data[0]}/sales.json`) as [string, string];
  copyFileSync(from, to);
  utimesSync(to, statSync(from).atime, statSync(from).mtime);
  const args = { dataset: "sales", program: `map(.revenue) | add + ${Math.floor(Math.random() * 1e9)}` };
  const first = await one.call("a", "query", args);
  expect(first.cached).toBe(false);
  expect(await one.call("b", "query", args)).toMatchObject({ cached: true, values: first.values });
});

test("while Redis is away runs go on, they are just not remembered", async () => {
  const cache = await open("redis://127.0.0.1:1");
  cache.set("a", { bytes: new Uint8Array(1), engine: "e" });
  expect(await cache.get("a")).toBeUndefined();
  await using library = await openLibrary({ cache: { redis_url: "redis://127.0.0.1:1" } });
  const args = { dataset: "sales", program: "length" };
  for (let i = 0; i < 2; i += 1)
    expect(await library.call("a", "query", args)).toMatchObject({ values: [240], cached: false });
});
