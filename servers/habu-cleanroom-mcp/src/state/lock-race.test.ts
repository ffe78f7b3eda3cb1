import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test, vi } from "vitest";
import { withLock } from "./lock.ts";

// The real file system; another process acts in the moment after a write.
const other = vi.hoisted(() => ({ afterWrite: (_file: string) => {} }));
vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  return {
    ...real,
    writeFileSync: (...args: Parameters<typeof real.writeFileSync>) => {
      real.writeFileSync(...args);
      other.afterWrite(String(args[0]));
    },
  };
});

test("a dead process's lock that another takes just before it is broken stays the other's", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "habu-race-")), "deep", "x.lock");
  mkdirSync(dirname(file));
  writeFileSync(file, "4194303 dead");
  const theirs = `${process.pid} another`;
  other.afterWrite = (written) => {
    if (!written.endsWith(".break")) return;
    other.afterWrite = () => {};
    writeFileSync(file, theirs);
  };
  const mine = vi.fn(async () => undefined);
  await expect(withLock(file, mine, { waitMs: 60 })).rejects.toMatchObject({
    details: { reason: "STATE_LOCKED" },
  });
  expect(mine).not.toHaveBeenCalled();
  expect(readFileSync(file, "utf8")).toBe(theirs);
});
