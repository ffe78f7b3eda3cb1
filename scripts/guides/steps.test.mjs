import { expect, test } from "vitest";
import { filled, readExample } from "./steps.mjs";

const page = (...blocks) => ["```sh\nnpx x-mcp --demo\n```", ...blocks].join("\n\n");
const call = '```json call=t\n{"a": 1}\n```';
const answer = '```json answer\n{"b": 2}\n```';

test("a page is a command line and calls with their answers", () => {
  expect(readExample(page(call, answer))).toEqual({
    name: "x-mcp",
    args: ["--demo"],
    steps: [{ tool: "t", input: { a: 1 }, kind: "answer", expected: { b: 2 } }],
  });
});

test.each([
  ["no command", [call, answer].join("\n")],
  ["a call without an answer", page(call, call)],
  ["an answer without a call", page(answer)],
])("a page with %s is refused", (_what, text) => {
  expect(() => readExample(text)).toThrow(/page/);
});

test("a call takes what the answer before gave", () => {
  expect(filled({ id: "{{made.id}}" }, { made: { id: 'a"b' } })).toEqual({ id: 'a"b' });
  expect(() => filled({ id: "{{made.id}}" }, {})).toThrow("made.id");
});
