import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { openJsonFile } from "./json-file.ts";

const schema = z.object({ n: z.number().default(0) });
const place = () => join(mkdtempSync(join(tmpdir(), "habu-json-")), "deep", "facts.json");

const setTo = (next: (n: number) => number) => (state: { n: number }) => {
  state.n = next(state.n);
};

test("begins empty, keeps what was changed, for its owner only, and leaves no part behind", async () => {
  const path = place();
  const file = openJsonFile(path, schema);
  expect(file.read()).toEqual({ n: 0 });
  expect(await file.update((state) => ++state.n)).toBe(1);
  expect(openJsonFile(path, schema).read()).toEqual({ n: 1 });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(dirname(path))).toEqual(["facts.json"]);
});

test("a change that fails is not written; what was saved before it is", async () => {
  const path = place();
  const file = openJsonFile(path, schema);
  await expect(
    file.hold(async (state, save) => {
      state.n = 5;
      save();
      state.n = 6;
      throw new Error("stopped");
    }),
  ).rejects.toThrow("stopped");
  expect(file.read()).toEqual({ n: 5 });
});

test("changes of several at once are all kept", async () => {
  const path = place();
  const files = Array.from({ length: 8 }, () => openJsonFile(path, schema));
  await Promise.all(files.map((file) => file.update(setTo((n) => n + 1))));
  expect(files[0]?.read()).toEqual({ n: 8 });
});

test.each([
  ["cut off", (path: string) => writeFileSync(path, '{"n":')],
  ["of another shape", (path: string) => writeFileSync(path, '{"n":"x"}')],
  ["a folder", (path: string) => void mkdirSync(path)],
])("a file that is %s is named with what to do, and not overwritten", async (_how, damage) => {
  const path = place();
  mkdirSync(dirname(path));
  damage(path);
  const before = statSync(path).isFile() ? readFileSync(path, "utf8") : "";
  const file = openJsonFile(path, schema);
  const damaged = { code: "CONFIG_ERROR", details: { reason: "STATE_DAMAGED" } };
  expect(() => file.read()).toThrow("facts.json");
  await expect(file.update(setTo(() => 1))).rejects.toMatchObject(damaged);
  if (before !== "") expect(readFileSync(path, "utf8")).toBe(before);
});
