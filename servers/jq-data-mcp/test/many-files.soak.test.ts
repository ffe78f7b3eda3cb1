import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openLibrary } from "./support/open.ts";

const each = process.env.SOAK_SECONDS === undefined ? 2_000 : 25_000;

test(`${4 * each} files are listed in pieces, found in, and read again when a folder changes`, async () => {
  await using library = await openLibrary();
  const [data = ""] = library.config.data;
  for (let folder = 0; folder < 4; folder += 1) {
    mkdirSync(join(data, `f${folder}`));
    for (let i = 0; i < each; i += 1) symlinkOrFile(join(data, `f${folder}`, `n${i}.json`), i);
  }
  let turns = 0;
  let counting = true;
  const count = () => {
    turns += 1;
    if (counting) setImmediate(count);
  };
  setImmediate(count);
  const first = await library.call("a", "list_datasets");
  counting = false;
  expect(first.page.total).toBe(4 * each + 4);
  expect(first.datasets[0]).toMatchObject({ name: "f0/n0", bytes: 1 });
  // Others had their turn while it was read.
  expect(turns).toBeGreaterThan(each / 250);
  rmSync(join(data, "f0", "n0.json"));
  writeFileSync(join(data, "f3", "added.json"), "[7]");
  const again = await library.call("a", "list_datasets");
  expect([again.page.total, again.datasets[0].name]).toEqual([4 * each + 4, "f0/n1"]);
  expect((await library.call("a", "query", { dataset: "f3/added", program: ".[0]" })).values).toEqual([7]);
  await expect(library.call("a", "query", { dataset: "f3/none", program: "." })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
}, 600_000);

/** A few of the many are links, which are followed before they are counted. */
function symlinkOrFile(path: string, i: number): void {
  if (i % 500 === 1) symlinkSync(path.replace(`n${i}.json`, "n2.json"), path);
  else writeFileSync(path, "1");
}
