import { appendFileSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/recorded.ts";
import { listEventFiles } from "./files.ts";
import { createEventFolder } from "./folder.ts";

const names = (files: readonly { path: string }[]) => files.map(({ path }) => path);

test("reading order: by writer, operations first, parts as they were written, imports by family", () => {
  const folder = tempFolder();
  for (const name of [
    "aa_1_runtime.jsonl",
    "aa_1_runtime.1.jsonl",
    "aa_1_runtime.10.jsonl",
    "aa_1_runtime.2.jsonl",
    "aa_1_lineage.jsonl",
    "aa_1_dataframe_lineage.jsonl",
    "import_zz_dataframe_lineage.jsonl",
    "import_aa_lineage.jsonl",
    "notes.txt",
  ])
    writeFileSync(join(folder, name), "");
  expect(names(listEventFiles(folder))).toEqual([
    "aa_1_dataframe_lineage.jsonl",
    "aa_1_lineage.jsonl",
    "aa_1_runtime.jsonl",
    "aa_1_runtime.1.jsonl",
    "aa_1_runtime.2.jsonl",
    "aa_1_runtime.10.jsonl",
    "import_zz_dataframe_lineage.jsonl",
    "import_aa_lineage.jsonl",
  ]);
});

test("links and folders called like event files are left alone", () => {
  const folder = tempFolder();
  writeFileSync(join(folder, "secret"), "private\n");
  symlinkSync(join(folder, "secret"), join(folder, "x_runtime.jsonl"));
  mkdirSync(join(folder, "y_runtime.jsonl"));
  expect(listEventFiles(folder)).toEqual([]);
});

test("of a long history only what changed last, what is new and what was noticed is looked at", () => {
  const folder = tempFolder();
  let now = Date.now() + 60_000;
  for (let n = 0; n < 50; n += 1) {
    writeFileSync(join(folder, `${n}_runtime.jsonl`), "x\n");
    utimesSync(join(folder, `${n}_runtime.jsonl`), 1_000 + n, 1_000 + n);
  }
  const watched = createEventFolder(folder, { hot: 3, everyMs: 1_000, now: () => now, passed: () => now });
  expect(watched.look()).toHaveLength(50);
  now += 10;
  expect(names(watched.look()).sort()).toEqual(["47_runtime.jsonl", "48_runtime.jsonl", "49_runtime.jsonl"]);
  writeFileSync(join(folder, "new_runtime.jsonl"), "x\n");
  appendFileSync(join(folder, "1_runtime.jsonl"), "y\n");
  expect(names(watched.look())).toContain("new_runtime.jsonl");
  watched.notice("1_runtime.jsonl");
  expect(watched.look()).toContainEqual(expect.objectContaining({ path: "1_runtime.jsonl", size: 4 }));
  // It changed, so it stays in view without a further notice.
  expect(names(watched.look())).toContain("1_runtime.jsonl");
  now += 1_001;
  expect(watched.look()).toHaveLength(51);
  expect(watched.count).toBe(51);
});

test("when the clock is set back, all files are looked at as often as before", () => {
  const folder = tempFolder();
  for (const name of ["a", "b", "c"]) writeFileSync(join(folder, `${name}_runtime.jsonl`), "1\n");
  let now = Date.now();
  let passed = 0;
  const watched = createEventFolder(folder, { hot: 1, everyMs: 1_000, now: () => now, passed: () => passed });
  expect(watched.look()).toHaveLength(3);
  now -= 86_400_000;
  passed += 1_001;
  appendFileSync(join(folder, "a_runtime.jsonl"), "2\n");
  expect(names(watched.look())).toContain("a_runtime.jsonl");
  passed += 1_001;
  expect(watched.look()).toHaveLength(3);
});
