import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Opened, openLibrary } from "../support/open.ts";

type Dataset = { name: string; format: string; bytes: number };

async function pageThrough(library: Opened, between: (page: number) => void = () => undefined) {
  const seen: Dataset[] = [];
  const totals: number[] = [];
  for (let cursor: string | undefined, at = 0; ; at += 1) {
    const { datasets, page } = await library.call("a", "list_datasets", cursor === undefined ? {} : { cursor });
    seen.push(...datasets);
    totals.push(page.total);
    if (!page.has_more) return { names: seen.map(({ name }) => name), seen, totals };
    cursor = page.next_cursor;
    between(at);
  }
}

test("lists what may be read, with its size and format", async () => {
  await using library = await openLibrary();
  const { datasets } = await library.call("a", "list_datasets");
  expect(datasets.map(({ name, format }: Dataset) => [name, format])).toEqual([
    ["metrics", "json"], ["products", "ndjson"], ["sales", "json"], ["timeseries", "json"],
  ]);
});

test("pages through more than fit, each once, two of one name too", async () => {
  await using library = await openLibrary();
  const [data = ""] = library.config.data;
  mkdirSync(join(data, "many"));
  const names = Array.from({ length: 2_100 }, (_, i) => `many/d${String(i).padStart(4, "0")}`);
  for (const name of names) writeFileSync(join(data, `${name}.json`), "1");
  for (const name of names.slice(400, 900)) writeFileSync(join(data, `${name}.ndjson`), "1");
  const { names: listed, totals } = await pageThrough(library);
  expect(listed).toEqual(
    [...names, ...names.slice(400, 900), "metrics", "products", "sales", "timeseries"].sort(),
  );
  expect(new Set(totals)).toEqual(new Set([2_604]));
});

test("files that come and go between two pages move none of the others", async () => {
  await using library = await openLibrary();
  const [data = ""] = library.config.data;
  mkdirSync(join(data, "many"));
  const fileOf = (i: number) => join(data, "many", `d${String(i).padStart(4, "0")}.json`);
  for (let i = 0; i < 1_200; i += 1) writeFileSync(fileOf(i * 2), "1");
  const { names } = await pageThrough(library, (page) => {
    // Before what was shown, and behind what will be.
    for (let i = 0; i < 40; i += 1) {
      rmSync(fileOf((page * 40 + i) * 2), { force: true });
      writeFileSync(join(data, "many", `a${page}-${i}.json`), "1");
      writeFileSync(join(data, "many", `z${page}-${i}.json`), "1");
    }
  });
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual([...names].sort());
  const kept = Array.from({ length: 1_200 - 400 }, (_, i) => `many/d${String((i + 400) * 2).padStart(4, "0")}`);
  expect(names).toEqual(expect.arrayContaining(kept));
  expect(names).toContain("many/z0-0");
});
