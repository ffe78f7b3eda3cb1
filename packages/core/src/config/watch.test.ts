import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { loadConfig } from "./load-config.ts";
import { watchConfig } from "./watch.ts";

const folder = mkdtempSync(join(tmpdir(), "watch-"));
const open: { close(): void }[] = [];
afterEach(() => {
  for (const watch of open.splice(0)) watch.close();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
});

const schema = z.strictObject({ level: z.enum(["low", "high"]) });

function setUp(file: string) {
  const load = () => loadConfig({ schema, file, env: {} });
  const state = { config: load(), reasons: [] as string[], changes: 0 };
  const watch = watchConfig({
    file,
    load,
    intervalMs: 20,
    onChange: (config) => {
      state.config = config;
      state.changes += 1;
    },
    onInvalid: (error) => state.reasons.push(String(error)),
  });
  open.push(watch);
  return { state, watch };
}

const soon = (check: () => void) => vi.waitFor(check, { timeout: 5_000, interval: 10 });

test("takes a valid change, keeps the old one through an invalid one and a lost file, and recovers", async () => {
  const file = join(folder, "a.yaml");
  writeFileSync(file, "level: low\n");
  const { state } = setUp(file);
  writeFileSync(file, "level: high\n");
  await soon(() => expect(state.config.level).toBe("high"));
  writeFileSync(file, "level: enormous\n");
  await soon(() => expect(state.reasons.at(-1)).toMatch(/level: must be one of low, high/));
  expect(state.config.level).toBe("high");
  unlinkSync(file);
  await soon(() => expect(state.reasons.at(-1)).toMatch(/ENOENT/));
  expect(state.config.level).toBe("high");
  writeFileSync(`${file}.new`, "level: low\n");
  renameSync(`${file}.new`, file);
  await soon(() => expect(state.config.level).toBe("low"));
});

test("sees a swapped symlink, as mounted config maps do it", async () => {
  for (const level of ["low", "high"]) {
    mkdirSync(join(folder, level));
    writeFileSync(join(folder, level, "c.yaml"), `level: ${level}\n`);
  }
  symlinkSync("low", join(folder, "data"));
  const { state } = setUp(join(folder, "data", "c.yaml"));
  symlinkSync("high", join(folder, "next"));
  renameSync(join(folder, "next"), join(folder, "data"));
  await soon(() => expect(state.config.level).toBe("high"));
});

test("writing the same again is no change; reload loads anyway and says whether it was taken", async () => {
  const file = join(folder, "b.yaml");
  writeFileSync(file, "level: low\n");
  const { state, watch } = setUp(file);
  writeFileSync(file, "level: low\n");
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(state.changes).toBe(0);
  expect(await watch.reload()).toBe(true);
  expect(state.changes).toBe(1);
  writeFileSync(file, "nonsense");
  expect(await watch.reload()).toBe(false);
  expect(state.config.level).toBe("low");
});

test("a change its taker cannot apply is reported like an invalid one", async () => {
  const file = join(folder, "c.yaml");
  writeFileSync(file, "level: low\n");
  const reasons: unknown[] = [];
  const watch = watchConfig({
    file,
    load: () => loadConfig({ schema, file, env: {} }),
    onChange: async () => {
      throw new Error("the port is taken");
    },
    onInvalid: (error) => reasons.push(error),
  });
  open.push(watch);
  expect(await watch.reload()).toBe(false);
  expect(reasons).toMatchObject([{ message: "the port is taken" }]);
});
