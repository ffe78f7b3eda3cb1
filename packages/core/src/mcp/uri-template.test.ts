import fc from "fast-check";
import { expect, test } from "vitest";
import { parseUriTemplate } from "./uri-template.ts";

test("matches what it expands to, whatever the values", () => {
  const template = parseUriTemplate("sql://{source}/{schema}/{table}");
  const value = fc.string({ minLength: 1, unit: "grapheme" });
  fc.assert(
    fc.property(value, value, value, (source, schema, table) => {
      const values = { source, schema, table };
      expect(template.match(template.expand(values))).toEqual(values);
    }),
  );
});

test("tells templates apart and does not match across segments", () => {
  const template = parseUriTemplate("sql://{source}/semantic");
  expect(template.variables).toEqual(["source"]);
  expect(template.match("sql://main/semantic")).toEqual({ source: "main" });
  for (const uri of [
    "sql://main/other",
    "sql://a/b/semantic",
    "sql:///semantic",
    "sql://main/semantic/",
    "x",
  ]) {
    expect(template.match(uri)).toBeUndefined();
  }
});

test("a broken escape is no match", () => {
  expect(parseUriTemplate("a://{b}").match("a://%zz")).toBeUndefined();
});

test("text around the variables is literal", () => {
  const template = parseUriTemplate("a.b+c://x?(y)/{d}");
  expect(template.match("a.b+c://x?(y)/1")).toEqual({ d: "1" });
  expect(template.match("aXb+c://x?(y)/1")).toBeUndefined();
});

test.each(["a://{b}{c}", "a://{+b}", "a://{b", "a://{b}/{b}", "a://{}"])("refuses %s", (template) => {
  expect(() => parseUriTemplate(template)).toThrow(RangeError);
});

test("answers a hostile URI quickly", () => {
  const template = parseUriTemplate("a://{b}/{c}/{d}/e");
  const startedAt = performance.now();
  expect(template.match(`a://${"x/".repeat(100_000)}`)).toBeUndefined();
  expect(performance.now() - startedAt).toBeLessThan(200);
});
