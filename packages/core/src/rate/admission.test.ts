import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Principal } from "../auth/principal.ts";
import { createAdmissionGate } from "./admission.ts";
import { defaultHttpLimits } from "./windows.ts";

const ann: Principal = { id: "key:ann", scopes: [], method: "api_key" };
const bob: Principal = { id: "key:bob", scopes: [], method: "api_key" };
const limited = (details: object) =>
  expect.objectContaining({ code: "RATE_LIMITED", details: expect.objectContaining(details) });

beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }));
afterEach(() => void vi.useRealTimers());

async function spend(
  gate: ReturnType<typeof createAdmissionGate>,
  times: number,
  who = ann,
  source?: string,
) {
  for (let i = 0; i < times; i++) await (await gate.admit(who, source)).release({ refund: false });
}

test("the 61st call of a minute waits for the minute's end; another caller does not", async () => {
  const gate = createAdmissionGate({ principal: defaultHttpLimits });
  await spend(gate, 30);
  vi.advanceTimersByTime(20_000);
  await spend(gate, 30);
  const refusal = await gate.admit(ann, undefined).catch((error: unknown) => error);
  expect(refusal).toMatchObject({
    code: "RATE_LIMITED",
    retryAfterMs: 40_000,
    details: { reason: "principal_minute", window: "minute", limit: 60 },
  });
  await spend(gate, 1, bob);
  vi.advanceTimersByTime(39_999);
  await expect(gate.admit(ann, undefined)).rejects.toThrow(limited({ window: "minute" }));
  vi.advanceTimersByTime(1);
  await spend(gate, 60);
});

test("a refused call stays charged nowhere", async () => {
  const gate = createAdmissionGate({ principal: { minute: 2, hour: 100, day: 100 }, source: { hour: 3 } });
  await spend(gate, 2);
  for (let i = 0; i < 50; i++)
    await expect(gate.admit(ann, "shop")).rejects.toThrow(limited({ window: "minute" }));
  expect((await gate.quota(ann)).windows).toMatchObject([
    { window: "minute", limit: 2, used: 2, remaining: 0, resets_in_ms: 60_000 },
    { window: "hour", limit: 100, used: 2, remaining: 98 },
    { window: "day", limit: 100, used: 2, remaining: 98 },
  ]);
  // The source has its three units left, untouched by the fifty tries.
  await spend(gate, 2, bob, "shop");
  await spend(gate, 1, { ...bob, id: "key:carl" }, "shop");
  await expect(gate.admit({ ...bob, id: "key:dora" }, "shop")).rejects.toThrow(
    limited({ reason: "source_hour" }),
  );
});

test("when the source refuses, the principal gets everything back", async () => {
  const gate = createAdmissionGate({ principal: { minute: 10, day: 10 }, source: { minute: 1 } });
  await spend(gate, 1, bob, "shop");
  await expect(gate.admit(ann, "shop")).rejects.toThrow(limited({ reason: "source_minute", limit: 1 }));
  expect((await gate.quota(ann)).windows.map((window) => window.used)).toEqual([0, 0]);
  await spend(gate, 1, ann, "other");
});

test("the longest wait is told when several windows are used up", async () => {
  const gate = createAdmissionGate({ principal: { minute: 3, hour: 3 } });
  await spend(gate, 3);
  await expect(gate.admit(ann, undefined)).rejects.toThrow(
    expect.objectContaining({
      retryAfterMs: 3_600_000,
      details: expect.objectContaining({ window: "hour" }),
    }),
  );
});

test("a refund gives the unit back once, and never into a later window", async () => {
  const gate = createAdmissionGate({ principal: { minute: 2, hour: 10 } });
  const first = await gate.admit(ann, undefined);
  await first.release({ refund: true });
  await first.release({ refund: true });
  expect((await gate.quota(ann)).windows.map((window) => window.used)).toEqual([0, 0]);

  const late = await gate.admit(ann, undefined);
  vi.advanceTimersByTime(60_000);
  await spend(gate, 1);
  await late.release({ refund: true });
  expect((await gate.quota(ann)).windows).toMatchObject([{ used: 1 }, { used: 1 }]);
});

test("many at once are never let in beyond the limit", async () => {
  const gate = createAdmissionGate({ principal: { minute: 10, hour: 15 } });
  const burst = () => Promise.allSettled(Array.from({ length: 40 }, () => gate.admit(ann, "shop")));
  const admitted = (outcomes: PromiseSettledResult<unknown>[]) =>
    outcomes.filter((outcome) => outcome.status === "fulfilled").length;
  expect(admitted(await burst())).toBe(10);
  vi.advanceTimersByTime(60_000);
  expect(admitted(await burst())).toBe(5);
  expect((await gate.quota(ann)).windows).toMatchObject([{ used: 5 }, { used: 15 }]);
});

test("no slot in time: UNAVAILABLE with a wait, and the windows are refunded", async () => {
  const gate = createAdmissionGate({ principal: { minute: 10 }, slots: { perPrincipal: 1, maxWaitMs: 500 } });
  const running = await gate.admit(ann, undefined);
  const waiting = expect(gate.admit(ann, undefined)).rejects.toThrow(
    expect.objectContaining({ code: "UNAVAILABLE", retryAfterMs: expect.any(Number) }),
  );
  await vi.advanceTimersByTimeAsync(500);
  await waiting;
  expect(await gate.quota(ann)).toMatchObject({ windows: [{ used: 1 }], running: 1, max_running: 1 });
  await running.release({ refund: false });
  expect((await gate.quota(ann)).running).toBe(0);
});

test("a caller that gives up while waiting keeps no place, no slot and no charge", async () => {
  const gate = createAdmissionGate({ principal: { minute: 10 }, slots: { perPrincipal: 1 } });
  const running = await gate.admit(ann, undefined);
  const controller = new AbortController();
  const waiting = expect(gate.admit(ann, undefined, controller.signal)).rejects.toThrow(
    expect.objectContaining({ code: "CANCELLED" }),
  );
  await vi.advanceTimersByTimeAsync(1);
  controller.abort();
  await waiting;
  await running.release({ refund: false });
  expect(await gate.quota(ann)).toMatchObject({ windows: [{ used: 1 }], running: 0 });
});

test("without limits everything is admitted and the quota says so", async () => {
  const gate = createAdmissionGate({});
  await spend(gate, 500);
  expect(await gate.quota(ann)).toEqual({ windows: [], running: 0 });
});
