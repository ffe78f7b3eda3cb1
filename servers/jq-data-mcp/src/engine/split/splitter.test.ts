import fc from "fast-check";
import { expect, test } from "vitest";
import { createSplitter } from "./splitter.ts";

function split(text: string, chunk = 1 << 20, options = { split: true, nesting: 1_000 }) {
  const bytes = Buffer.from(text);
  const splitter = createSplitter(options);
  for (let at = 0; at < bytes.length; at += chunk) {
    const problem = splitter.push(bytes, at, Math.min(bytes.length, at + chunk));
    if (problem !== undefined) return problem;
  }
  return splitter.end() ?? bytes.toString();
}

test("any array comes apart into its elements, wherever the chunks end", () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue()),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      (items, chunk, pretty) => {
        const text = split(JSON.stringify(items, null, pretty ? 2 : undefined), chunk);
        // Newlines inside a pretty element are white space, so each element is found by reading on until it parses.
        const found: unknown[] = [];
        let held = "";
        for (const line of text.split("\n")) {
          held += `${line}\n`;
          if (held.trim() === "") continue;
          try {
            found.push(JSON.parse(held));
            held = "";
          } catch {}
        }
        expect(held.trim()).toBe("");
        expect(found).toEqual(JSON.parse(JSON.stringify(items)));
      },
    ),
  );
});

test("the length never changes", () => {
  expect(split(' [ {"a":[1,2]} , "x,]\\"" ,3 ] ')).toBe(
    '   {"a":[1,2]} \n "x,]\\"" \n3 \n '.replace("   {", " \n {"),
  );
});

test.each([
  ["[1 2]", "malformed"],
  ["[1,]", "malformed"],
  ["[,1]", "malformed"],
  ['["a" "b"]', "malformed"],
  ['[1"a"]', "malformed"],
  ["[{}{}]", "malformed"],
  ["[1}", "malformed"],
  ["[1,2", "ends_early"],
  ['["a', "ends_early"],
  ["[1][2]", "more_than_one"],
  ["[1]2", "more_than_one"],
  ["[1],", "more_than_one"],
])("%s is %s", (text, problem) => {
  expect(split(text)).toBe(problem);
  expect(split(text, 1)).toBe(problem);
});

test("what is no array passes unchanged", () => {
  for (const text of ['{"a":1}\n{"a":2}\n', "1 2 3", '"x" [1,2]', "", "  "]) expect(split(text)).toBe(text);
});

test("a byte order mark before the array is blanked", () => {
  expect(split("\ufeff[1,2]").trim()).toBe("1\n2");
});

test("nesting is watched with and without splitting", () => {
  const deep = `${"[".repeat(50)}${"]".repeat(50)}`;
  expect(split(deep, 7, { split: true, nesting: 49 })).toBe("nested");
  expect(split(deep, 7, { split: false, nesting: 49 })).toBe("nested");
  expect(split(deep, 7, { split: false, nesting: 50 })).toBe(deep);
});
