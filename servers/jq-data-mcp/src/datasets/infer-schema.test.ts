import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { inferSchema } from "./infer-schema.ts";

const folder = mkdtempSync(join(tmpdir(), "infer-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function infer(text: string, format: "json" | "ndjson" = "json") {
  const path = join(folder, "data");
  writeFileSync(path, text);
  const fd = openSync(path, "r");
  try {
    return inferSchema(fd, format);
  } finally {
    closeSync(fd);
  }
}

test.each([
  ["[]", "json", "empty", 0],
  ["", "json", "empty", 0],
  ["\n\n", "ndjson", "empty", 0],
  ["nonsense", "json", "unknown", 0],
  ['{"a":1}', "json", "document", 1],
  ['{"a":1}\n{"a":2}', "json", "elements", 2],
  ['[{"a":"x,]\\"\\n"},\n2]', "json", "elements", 2],
  ['{"a":1}\n{bad\n{"a":2}\n', "ndjson", "elements", 2],
] as const)("%j as %s is %s", (text, format, layout, sampled) => {
  expect(infer(text, format)).toMatchObject({ layout, sampled });
});

test("long elements over many lines are each read once", () => {
  const one = { rows: Array.from({ length: 4_000 }, (_, i) => ({ i, text: `line ${i}` })) };
  const text = JSON.stringify([one, one, one, one, one], null, 1);
  const parse = JSON.parse;
  let characters = 0;
  JSON.parse = (piece: string) => {
    characters += piece.length;
    return parse(piece);
  };
  try {
    expect(infer(text)).toMatchObject({ layout: "elements", element: { types: ["object"] } });
  } finally {
    JSON.parse = parse;
  }
  expect(characters).toBeLessThanOrEqual(text.length);
});

test("optional and mixed properties are told", () => {
  expect(infer('[{"a":1,"b":null},{"a":"x"}]').element).toEqual({
    types: ["object"],
    properties: { a: { types: ["number", "string"] }, b: { types: ["null"], optional: true } },
  });
});
