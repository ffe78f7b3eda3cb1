import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createFolderReader } from "./folder-names.ts";

function folderOf(names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "jq-names-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of names) writeFileSync(join(folder, name), "1");
  return folder;
}

/** Changed long ago, so that a reading of it may be kept. */
const age = (folder: string, secondsAgo = 60) => {
  const at = new Date(Date.now() - secondsAgo * 1_000);
  utimesSync(folder, at, at);
};

test("names are told by kind; hidden ones and what is no JSON are left out", async () => {
  const folder = folderOf(["a.json", "b.ndjson.gz", "c.txt", ".d.json"]);
  mkdirSync(join(folder, "inner"));
  symlinkSync(join(folder, "a.json"), join(folder, "link.json"));
  expect(await createFolderReader()(folder)).toEqual({
    files: expect.arrayContaining(["a.json", "b.ndjson.gz"]),
    folders: ["inner"],
    links: ["link.json"],
  });
});

test("an unchanged folder is read once; a changed or a young one again", async () => {
  const folder = folderOf(["a.json"]);
  const read = createFolderReader();
  const young = await read(folder);
  expect(await read(folder)).not.toBe(young);
  age(folder);
  const kept = await read(folder);
  expect(await read(folder)).toBe(kept);
  writeFileSync(join(folder, "b.json"), "1");
  expect([...(await read(folder)).files].sort()).toEqual(["a.json", "b.json"]);
  rmSync(folder, { recursive: true });
  expect(await read(folder)).toEqual({ files: [], folders: [], links: [] });
});

test("many who ask at once are given one reading, and no more names are kept than allowed", async () => {
  const [one, two, large] = [
    folderOf(["a.json"]),
    folderOf(["a.json"]),
    folderOf(["a.json", "b.json", "c.json"]),
  ];
  const read = createFolderReader(4);
  for (const folder of [one, two, large]) age(folder);
  const [first, second] = await Promise.all([read(one), read(one)]);
  expect(second).toBe(first);
  const other = await read(two);
  expect([await read(one), await read(two)]).toEqual([first, other]);
  expect(await read(one)).toBe(first);
  // Takes all the room there is, so the others go.
  const most = await read(large);
  expect(await read(large)).toBe(most);
  expect(await read(one)).not.toBe(first);
});
