import { expect, test } from "vitest";
import { ask, show, showRefused } from "./calls.mjs";

const error = { code: "NOT_FOUND", message: "no such table", hint: "list them" };
const serverOf = (answer) => ({ call: async () => answer });
const record = () => {
  const seen = [];
  return { seen, call: (...told) => seen.push(told), refused: (...told) => seen.push(told) };
};

test("an answer is given on, and a call is shown before it is made", async () => {
  const screen = record();
  expect(await show(serverOf({ success: true, data: 7 }), screen, "count", { of: "pears" })).toBe(7);
  expect(screen.seen).toEqual([["count", { of: "pears" }]]);
});

test("a demo ends at a failure it did not ask for, and at an answer it should not get", async () => {
  await expect(ask(serverOf({ success: false, error }), "count", {})).rejects.toThrow("NOT_FOUND");
  await expect(showRefused(serverOf({ success: true, data: 7 }), record(), "drop", {})).rejects.toThrow(
    "allowed drop",
  );
});

test("a refusal is shown with its hint", async () => {
  const screen = record();
  await showRefused(serverOf({ success: false, error }), screen, "drop", {});
  expect(screen.seen.at(-1)).toEqual(["NOT_FOUND", "no such table", "list them"]);
});
