import { expect, test } from "vitest";
import { createPlanMemory } from "./plan-memory.ts";

test("a text is known for its policy and its schema only", () => {
  const memory = createPlanMemory();
  const policy = { schemas: ["app"] };
  memory.remember(policy, "e1", "SELECT 1");
  expect(memory.knows(policy, "e1", "SELECT 1")).toBe(true);
  expect(memory.knows(policy, "e2", "SELECT 1")).toBe(false);
  expect(memory.knows({ schemas: ["app"] }, "e1", "SELECT 1")).toBe(false);
  expect(memory.knows(policy, "e1", "SELECT 2")).toBe(false);
});

test("what is kept is bounded in number and length", () => {
  const memory = createPlanMemory(2, 10);
  const policy = { schemas: ["app"] };
  for (const text of ["a", "b", "c", "a long text indeed"]) memory.remember(policy, "e", text);
  expect(["a", "b", "c", "a long text indeed"].map((text) => memory.knows(policy, "e", text))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
