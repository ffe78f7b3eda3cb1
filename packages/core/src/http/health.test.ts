import { expect, test } from "vitest";
import { readiness } from "./health.ts";

const ok = async () => undefined;

test("is ready with no dependency, and with all of them", async () => {
  const fails: string[] = [];
  expect(await readiness({}, 100, (name) => void fails.push(name))).toEqual({ status: "ready", checks: {} });
  expect(await readiness({ a: ok, b: ok }, 100, (name) => void fails.push(name))).toEqual({
    status: "ready",
    checks: { a: "ok", b: "ok" },
  });
  expect(fails).toEqual([]);
});

test("a dependency that fails, throws or says nothing is named, and its reason told to the log alone", async () => {
  const reasons = new Map<string, unknown>();
  const state = await readiness(
    {
      good: ok,
      rejects: () => Promise.reject(new Error("down")),
      throws: () => {
        throw new Error("broken");
      },
      hangs: () => new Promise(() => undefined),
    },
    30,
    (name, error) => void reasons.set(name, error),
  );
  expect(state).toEqual({
    status: "not_ready",
    checks: { good: "ok", rejects: "failed", throws: "failed", hangs: "failed" },
  });
  expect([...reasons.keys()].sort()).toEqual(["hangs", "rejects", "throws"]);
  expect(String(reasons.get("hangs"))).toContain("no answer within 30 ms");
});
