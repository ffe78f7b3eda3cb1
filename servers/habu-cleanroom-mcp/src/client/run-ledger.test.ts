import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createVirtualClock } from "../clock/clock.ts";
import { createRunLedger } from "./run-ledger.ts";

const minute = 60_000;

function open(reserved = 0) {
  const clock = createVirtualClock(Date.parse("2026-11-20T09:00:00Z"));
  const file = join(mkdtempSync(join(tmpdir(), "habu-ledger-")), "ledger.json");
  const make = () => createRunLedger({ file, clock, reserved });
  return { clock, make, ledger: make() };
}

test("twenty runs fit in an hour, across restarts; the next is told its minute", async () => {
  const { clock, make } = open();
  for (let n = 0; n < 20; n += 1) {
    await make().reserve("question");
    clock.advance(minute);
  }
  await expect(make().reserve("question")).rejects.toMatchObject({
    code: "RATE_LIMITED",
    retryAfterMs: 40 * minute,
    details: { reason: "RUN_BUDGET", frees_at: "2026-11-20T10:00:00.000Z" },
  });
  expect(make().use("question")).toEqual({ used: 20, limit: 20, frees_at: "2026-11-20T10:00:00.000Z" });
  clock.advance(40 * minute);
  await make().reserve("question");
  await expect(make().reserve("question")).rejects.toMatchObject({ retryAfterMs: minute });
});

test("question runs and flow runs have their own budgets", async () => {
  const { ledger } = open();
  for (let n = 0; n < 20; n += 1) await ledger.reserve("question");
  await ledger.reserve("flow");
  expect(ledger.use("flow")).toEqual({ used: 1, limit: 20 });
});

test("slots reserved for people are not touched", async () => {
  const { ledger } = open(18);
  await ledger.reserve("question");
  await ledger.reserve("question");
  await expect(ledger.reserve("question")).rejects.toMatchObject({ code: "RATE_LIMITED" });
});

test("a slot given back is free; giving it back twice frees one", async () => {
  const { ledger } = open(19);
  const slot = await ledger.reserve("question");
  await slot.giveBack();
  await slot.giveBack();
  expect(ledger.use("question").used).toBe(0);
  await ledger.reserve("question");
  await expect(ledger.reserve("question")).rejects.toMatchObject({ code: "RATE_LIMITED" });
});

test("a 429 of the platform blocks for the hour that began with the first known run", async () => {
  const { ledger, clock } = open();
  await ledger.reserve("question");
  clock.advance(10 * minute);
  await ledger.reserve("question");
  await ledger.refused("question");
  await expect(ledger.reserve("question")).rejects.toMatchObject({ retryAfterMs: 50 * minute });
  clock.advance(50 * minute);
  await ledger.reserve("question");
});

test("a 429 without known runs blocks an hour, one with a stated wait for that long", async () => {
  const { ledger, clock } = open();
  await ledger.refused("flow", 5 * minute);
  await expect(ledger.reserve("flow")).rejects.toMatchObject({ retryAfterMs: 5 * minute });
  clock.advance(5 * minute);
  await ledger.reserve("flow");
  await ledger.refused("question");
  await expect(ledger.reserve("question")).rejects.toMatchObject({ retryAfterMs: 60 * minute });
});

test("processes that reserve at once never take one slot twice", async () => {
  const { make } = open();
  const results = await Promise.allSettled(Array.from({ length: 30 }, () => make().reserve("question")));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(20);
});
