import { expect, test } from "vitest";
import { patternSteps } from "./pattern-steps.ts";

test("dates, identifiers and addresses are cheap on any text somebody types", () => {
  for (const pattern of [
    "^\\d{4}-\\d\\d-\\d\\d$",
    "^[a-z][a-z0-9_]{0,63}$",
    "^[^@]+@[^@]+$",
    "^(?:EMEA|APAC|AMER)$",
    "^(?<year>\\d{4})\\(x\\)[)*+]$",
  ])
    expect(patternSteps(pattern, 100), pattern).toBeLessThan(20_000);
});

test("what may backtrack for ever is never taken for cheap", () => {
  for (const pattern of ["^(a+)+$", "^(a|a)*$", "(a?){40}", "^(.*)\\1$", "(?<x>a)\\k<x>", "(a{1,9}){1,9}"])
    expect(patternSteps(pattern, 40), pattern).toBe(Number.POSITIVE_INFINITY);
  for (const pattern of ["a?".repeat(30), "^a*a*a*a*a*a*b$", "^.{0,100}x.{0,100}y.{0,100}z.{0,100}$", "a*b"])
    expect(patternSteps(pattern, 10_000), pattern).toBeGreaterThan(1_000_000);
});
