import { expect, test } from "vitest";
import { snippet } from "./snippet.ts";

const terms = new Set(["customer"]);

test("the first text that holds a word, names aside", () => {
  expect(
    snippet(
      [
        { place: "name", text: "customers" },
        { place: "comment", text: "nothing here" },
        { place: "description", text: "One row per Customer." },
      ],
      terms,
    ),
  ).toBe("One row per Customer.");
  expect(snippet([{ place: "comment", text: "nothing" }], terms)).toBeUndefined();
});

test("a long text is cut around the word, on one line", () => {
  const text = `${"before ".repeat(50)}the\ncustomers ${"after ".repeat(100)}`;
  const cut = snippet([{ place: "comment", text }], terms) ?? "";
  expect(cut).toMatch(/^…before .*the customers after .*…$/);
  expect(cut.length).toBeLessThanOrEqual(162);
});

test("no half characters at the edges", () => {
  const cut =
    snippet([{ place: "comment", text: `${"😀".repeat(60)} customer ${"😀".repeat(99)}x` }], terms) ?? "";
  expect(cut).toContain("customer");
  expect(cut).not.toMatch(/\p{Surrogate}/u);
});
