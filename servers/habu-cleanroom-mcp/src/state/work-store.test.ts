import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createVirtualClock } from "../clock/clock.ts";
import { createWorkStore } from "./work-store.ts";

const ada = { tool: "setup", principal: "ada" };

function place() {
  const clock = createVirtualClock(1_000_000_000_000);
  const path = join(mkdtempSync(join(tmpdir(), "habu-work-")), "work.json");
  return { clock, process: () => createWorkStore(path, clock) };
}

test("what a killed process began is found by the same caller with the same arguments, and by nobody else", async () => {
  const { process } = place();
  const first = process();
  const { handle } = await first.begin(ada, { name: "A", n: 1 });
  await first.started(handle, { key: "room" });
  await first.finished(handle, "room", { id: 7 });
  await first.started(handle, { key: "invite", removes: "the old invitation" });
  const second = process();
  expect(second.unanswered(ada, { n: 1, name: "A" })).toMatchObject({
    handle,
    done: { room: { id: 7 } },
    inFlight: "invite",
    removes: "the old invitation",
  });
  expect(second.unanswered({ ...ada, principal: "eve" }, { name: "A", n: 1 })).toBeUndefined();
  expect(second.unanswered({ ...ada, tool: "delete" }, { name: "A", n: 1 })).toBeUndefined();
  expect(second.unanswered(ada, { name: "B", n: 1 })).toBeUndefined();
  expect((await second.begin(ada, { name: "A", n: 1 })).handle).toBe(handle);
  expect(await second.started(handle, { key: "room" })).toEqual({ state: "done", made: { id: 7 } });
  expect(await second.started(handle, { key: "invite" })).toEqual({ state: "retaken" });
});

test("once its caller was answered, the same call begins anew", async () => {
  const { process } = place();
  const store = process();
  const { handle } = await store.begin(ada, {});
  await store.answered(handle);
  expect(store.unanswered(ada, {})).toBeUndefined();
  const anew = await store.begin(ada, {});
  expect(anew.handle).not.toBe(handle);
  await store.answered(anew.handle);
  // A call with the handle that writes again has to be answered too.
  await store.started(handle, { key: "map" });
  await store.finished(handle, "map", 1);
  expect(store.unanswered(ada, {})?.handle).toBe(handle);
});

test("a step another call is at is refused; one that ended unknown is retaken, one that surely failed is not", async () => {
  const { process } = place();
  const store = process();
  const { handle } = await store.begin(ada, {});
  expect(await store.started(handle, { key: "run" })).toEqual({ state: "mine" });
  await expect(store.started(handle, { key: "run" })).rejects.toMatchObject({
    code: "CONFLICT",
    details: { reason: "UNDER_WAY", step: "run" },
  });
  await store.leftOpen(handle);
  expect(await process().started(handle, { key: "run" })).toEqual({ state: "retaken" });
  await store.undone(handle);
  expect(await store.started(handle, { key: "run" })).toEqual({ state: "mine" });
});

test("work is kept for a week, 500 of it; what is forgotten is refused", async () => {
  const { clock, process } = place();
  const store = process();
  const { handle } = await store.begin(ada, { n: "old" });
  for (let n = 0; n < 500; n += 1) {
    clock.advance(1);
    await store.begin({ ...ada, principal: `p${n}` }, { n });
  }
  await expect(store.started(handle, { key: "run" })).rejects.toMatchObject({ code: "CURSOR_EXPIRED" });
  await store.answered(handle);
  expect(() => store.open(handle, ada)).toThrow("unknown here");
  expect(store.unanswered({ ...ada, principal: "p499" }, { n: 499 })).toBeDefined();
  clock.advance(8 * 86_400_000);
  expect(store.unanswered({ ...ada, principal: "p499" }, { n: 499 })).toBeUndefined();
});

test("settled arguments are those a resumed call has", async () => {
  const { process } = place();
  const store = process();
  const { handle } = await store.begin(ada, { a: 1 });
  await store.settle(handle, { a: 1, b: 2 });
  expect(store.open(handle, ada).args).toEqual({ a: 1, b: 2 });
});

test("a step that made nothing is done all the same", async () => {
  const { process } = place();
  const store = process();
  const { handle } = await store.begin(ada, {});
  await store.started(handle, { key: "remove" });
  await store.finished(handle, "remove", undefined);
  expect(await process().started(handle, { key: "remove" })).toEqual({ state: "done", made: null });
});
