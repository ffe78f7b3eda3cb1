import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createDatasets } from "../../src/datasets/registry.ts";
import { listDatasets } from "../../src/tools/list-datasets.ts";
import { openLibrary } from "../support/open.ts";

test("lists what may be read, with its size and format", async () => {
  await using library = await openLibrary();
  const { datasets } = await library.call("a", "list_datasets");
  expect(datasets.map(({ name, format }: { name: string; format: string }) => [name, format])).toEqual([
    ["metrics", "json"], ["products", "ndjson"], ["sales", "json"], ["timeseries", "json"],
  ]);
});

test("pages through more than fit, each once, and tells when even that is not all", async () => {
  await using library = await openLibrary();
  const [data = ""] = library.config.data;
  mkdirSync(join(data, "many"));
  const names = Array.from({ length: 2_100 }, (_, i) => `many/d${String(i).padStart(4, "0")}`);
  for (const name of names) writeFileSync(join(data, `${name}.json`), "1");
  const seen: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const { datasets, truncated, page, warnings } = await library.call("a", "list_datasets", cursor === undefined ? {} : { cursor });
    expect({ truncated, warnings, total: page.total }).toEqual({ truncated: false, warnings: [], total: 2_104 });
    seen.push(...datasets.map(({ name }: { name: string }) => name));
    if (!page.has_more) break;
    cursor = page.next_cursor;
  }
  expect(seen).toEqual([...names, "metrics", "products", "sales", "timeseries"].sort());
  const few = createDatasets({ paths: [data], cacheFolder: join(library.folder, "cache"), maxListed: 100 });
  const listed = await few.list();
  expect([listed.entries.length, listed.truncated]).toEqual([100, true]);
  const outcome = await listDatasets.run(
    {},
    {
      services: { ...library.services, datasets: few },
      principal: { id: "key:a", scopes: ["*"], method: "api_key" },
      signal: new AbortController().signal,
      requestId: "test",
      progress: () => undefined,
    },
  );
  expect(outcome).toMatchObject({ data: { truncated: true }, warnings: [expect.stringContaining("first 100")] });
});
