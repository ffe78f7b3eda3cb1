import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, renameSync, symlinkSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { openLibrary } from "./support/open.ts";

const rows = 60_000;
const list = (value: number) =>
  `[${Array.from({ length: rows }, () => JSON.stringify({ n: value, pad: "x".repeat(200) })).join(",\n")}]`;
const sum = { dataset: "big", program: "reduce inputs as $x (0; . + $x.n)", input_mode: "reduce" };

test("a file that is written to during a run is told, not half read", async () => {
  await using library = await openLibrary();
  const path = join(library.config.data[0] ?? "", "big.json");
  writeFileSync(path, list(1));
  const run = library.call("a", "query", sum);
  let settled = false;
  const seen = run.then(
    () => "answered",
    (error: { code: string; details?: { reason?: string } }) => error,
  );
  void seen.finally(() => {
    settled = true;
  });
  while (!settled) {
    const fd = openSync(path, "r+");
    writeSync(fd, "[", 0);
    closeSync(fd);
    await sleep(2);
  }
  expect(await seen).toMatchObject({ code: "CONFLICT", details: { reason: "changed_while_read" } });
});

test("a file replaced by renaming gives the old answer or the new one, never a mixture", async () => {
  await using library = await openLibrary();
  const folder = library.config.data[0] ?? "";
  const path = join(folder, "big.json");
  writeFileSync(path, list(0));
  let settled = false;
  const runs = Promise.all(
    Array.from({ length: 6 }, async (_, i) => {
      await sleep(i * 30);
      return (await library.call(`u${i}`, "query", sum)).values[0] as number;
    }),
  ).finally(() => {
    settled = true;
  });
  for (let value = 1; !settled; value += 1) {
    writeFileSync(join(folder, "next.tmp"), list(value));
    renameSync(join(folder, "next.tmp"), path);
    await sleep(20);
  }
  for (const total of await runs) expect(total % rows).toBe(0);
});

test("pipes, devices, folders with a file's name, links in a circle and broken ones are no datasets, and stop nobody", async () => {
  await using library = await openLibrary();
  const folder = library.config.data[0] ?? "";
  expect(spawnSync("mkfifo", [join(folder, "pipe.json")]).status).toBe(0);
  mkdirSync(join(folder, "folder.json"));
  symlinkSync("/dev/zero", join(folder, "zero.json"));
  symlinkSync(join(folder, "gone"), join(folder, "broken.json"));
  symlinkSync(join(folder, "circle.json"), join(folder, "circle.json"));
  symlinkSync(folder, join(folder, "again"));
  symlinkSync(join(folder, "sales.json"), join(folder, "alias.json"));
  const { datasets } = await library.call("a", "list_datasets");
  expect(datasets.map(({ name }: { name: string }) => name)).toEqual([
    "alias",
    "metrics",
    "products",
    "sales",
    "timeseries",
  ]);
  for (const dataset of ["pipe", "folder", "zero", "broken", "circle", "again/sales"])
    await expect(library.call("a", "query", { dataset, program: "." }), dataset).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  expect((await library.call("a", "query", { dataset: "alias", program: "length" })).values).toEqual([240]);
});
