import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { createDebt } from "./debt.ts";

function setup(answer: () => Promise<unknown> = async () => undefined) {
  const sent: string[] = [];
  let failures = 0;
  const client = {
    query: (text: string) => {
      sent.push(text);
      return answer();
    },
  };
  const debt = createDebt(client, "DISCARD ALL", () => {
    failures += 1;
  });
  return { debt, sent, failures: () => failures };
}

test("a fresh connection owes nothing; a used one hands the scrub to the next group, once", async () => {
  const { debt, sent } = setup();
  expect(debt.take()).toBeUndefined();
  debt.owe();
  expect(debt.take()).toMatchObject({ executes: 1 });
  expect(debt.take()).toBeUndefined();
  await pause(20);
  expect(sent).toEqual([]);
});

test("when nobody comes the connection scrubs itself, and the next caller owes nothing", async () => {
  const { debt, sent } = setup();
  debt.owe();
  await pause(30);
  expect(sent).toEqual(["DISCARD ALL"]);
  expect(debt.take()).toBeUndefined();
});

test("a scrub that fails is told", async () => {
  const { debt, failures } = setup(() => Promise.reject(new Error("gone")));
  debt.owe();
  await pause(30);
  expect(failures()).toBe(1);
});
