import { expect, test } from "vitest";
import { createLease } from "./lease.ts";
import type { LockedInstance } from "./locked.ts";

function fake() {
  const log: string[] = [];
  let identity = "1";
  let number = 0;
  const lease = createLease({
    open: async () => {
      const name = `instance ${++number}`;
      log.push(`open ${name}`);
      return {
        info: { database: name, failed: [] },
        session: () => Promise.reject(new Error("unused")),
        close: () => log.push(`close ${name}`),
      } satisfies LockedInstance;
    },
    identity: async () => identity,
    idleMs: 20,
    generation: 1,
  });
  return { log, lease, replace: (next: string) => (identity = next) };
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("one instance for all who use it, closed when nobody does", async () => {
  const { lease, log } = fake();
  await Promise.all([lease.use(() => wait(5)), lease.use(() => wait(10))]);
  expect(log).toEqual(["open instance 1"]);
  await wait(60);
  expect(log).toEqual(["open instance 1", "close instance 1"]);
  await lease.use(async () => undefined);
  expect(log).toContain("open instance 2");
  expect(lease.generation).toBe(1);
});

test("a replaced file is a new generation; work under way keeps the old one", async () => {
  const { lease, log, replace } = fake();
  const long = lease.use(async (instance, generation) => {
    await wait(40);
    return [instance.info.database, generation];
  });
  await wait(5);
  replace("2");
  await lease.refresh();
  const next = await lease.use(async (instance, generation) => [instance.info.database, generation]);
  expect(next).toEqual(["instance 2", 2]);
  expect(await long).toEqual(["instance 1", 1]);
  expect(log).toContain("close instance 1");
});

test("an unchanged file is not opened again by a refresh", async () => {
  const { lease, log } = fake();
  await lease.use(async () => undefined);
  await lease.refresh();
  await lease.use(async () => undefined);
  expect(log).toEqual(["open instance 1"]);
});

test("a failed open is tried again by the next use", async () => {
  let tries = 0;
  const lease = createLease({
    open: async () => {
      if (++tries === 1) throw new Error("locked by a writer");
      return { info: { database: "x", failed: [] }, session: () => Promise.reject(), close: () => {} };
    },
    identity: async () => "1",
    idleMs: 1_000,
    generation: 1,
  });
  await expect(lease.use(async () => 1)).rejects.toThrow("writer");
  expect(await lease.use(async () => 2)).toBe(2);
  lease.retire();
});
