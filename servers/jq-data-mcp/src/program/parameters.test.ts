import { expect, test } from "vitest";
import { z } from "zod";
import { argumentsSchema, bindArguments, type Parameter, parameterSchema } from "./parameters.ts";

const declare = (...given: z.input<typeof parameterSchema>[]): Parameter[] =>
  given.map((one) => parameterSchema.parse(one));
const bind = (parameters: Parameter[], given?: unknown) => bindArguments(parameters, given);

test("values are typed, defaults filled in, and nothing else comes through", () => {
  const parameters = declare(
    { name: "n", type: "integer", minimum: 1, maximum: 9 },
    { name: "s", type: "string", default: "x", min_length: 1, max_length: 3 },
    { name: "o", required: false },
    { name: "e", enum: ["a", 1, null], default: 1 },
    { name: "l", type: "array", default: [], max_length: 2 },
  );
  expect(bind(parameters, { n: 3 })).toEqual({ n: 3, s: "x", o: null, e: 1, l: [] });
  for (const wrong of [
    {},
    { n: 0 },
    { n: 1.5 },
    { n: "3" },
    { n: 3, s: "" },
    { n: 3, s: "long" },
    { n: 3, e: "b" },
    { n: 3, l: [1, 2, 3] },
    { n: 3, other: 1 },
  ])
    expect(() => bind(parameters, wrong), JSON.stringify(wrong)).toThrow(
      expect.objectContaining({ code: "VALIDATION_ERROR", details: { reason: "invalid_arguments" } }),
    );
});

test("a declaration that cannot hold is refused with the parameter's name", () => {
  for (const parameters of [
    declare({ name: "a" }, { name: "a" }),
    declare({ name: "a", type: "integer", default: "x" }),
    declare({ name: "a", type: "string", pattern: "(" }),
  ])
    expect(() => argumentsSchema(parameters)).toThrow(
      expect.objectContaining({ details: { reason: "parameter", parameter: "a" } }),
    );
  for (const name of ["", "1a", "a b", "__proto__", "__loc__", "ENV", "é"])
    expect(parameterSchema.safeParse({ name }).success, name).toBe(false);
});

test("a pattern is matched, told to clients, and never holds everybody up", () => {
  const parameters = declare({ name: "s", type: "string", pattern: "^[a-z]+$" });
  expect(bind(parameters, { s: "abc" })).toEqual({ s: "abc" });
  expect(() => bind(parameters, { s: "ABC" })).toThrow(/does not match/);
  expect(z.toJSONSchema(argumentsSchema(parameters))).toMatchObject({
    properties: { s: { pattern: "^[a-z]+$" } },
  });
  // Each would run for hours.
  for (const pattern of [
    "^((a|a))*$",
    "^(a+)+$",
    "^((a+)+)+$",
    "^(a?){60}a{60}$",
    "^(?:a|aa)+$",
    "^(([a-z])+.)+[A-Z]$",
  ])
    expect(
      () => bind(declare({ name: "s", type: "string", pattern }), { s: `${"a".repeat(58)}!` }),
      pattern,
    ).toThrow(expect.objectContaining({ code: "VALIDATION_ERROR" }));
});

test("arguments nested without end are refused before anything walks them", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i += 1) deep = [deep];
  expect(() => bind(declare({ name: "a" }), { a: deep })).toThrow(
    expect.objectContaining({ details: { reason: "argument_nesting" } }),
  );
});
