import { expect, test } from "vitest";
import { alternatives, createTokenizer, queryWords } from "./words.ts";

test("a question loses its filler and repeats, unless it is nothing else", () => {
  expect(queryWords("Which table has the e-mails of our customers, customer?")).toEqual([
    "e",
    "mail",
    "customer",
  ]);
  expect(queryWords("how many")).toEqual(["many"]);
  expect(queryWords("which table")).toEqual(["which", "table"]);
  expect(queryWords("?!")).toEqual([]);
  expect(queryWords("w1 w2 w3 w4 w5 w6 w7 w8 w9").length).toBeLessThanOrEqual(12);
});

test("short forms stand for long ones and back", () => {
  expect(alternatives("quantity")).toContain("qty");
  expect(alternatives("qty")).toContain("quantity");
  expect(alternatives("constructor")).toEqual([]);
});

test("splitting the same name twice gives the same words", () => {
  const tokenize = createTokenizer();
  expect(tokenize("order_items")).toEqual(["order", "item"]);
  expect(tokenize("order_items")).toBe(tokenize("order_items"));
  expect(tokenize("constructor")).toEqual(["constructor"]);
});
