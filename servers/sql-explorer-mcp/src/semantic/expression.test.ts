import fc from "fast-check";
import { expect, test } from "vitest";
import { expressionFor, isOurs, quoteIdentifier, readExpression } from "./expression.ts";

function references(sql: string): string[] | string {
  const reading = readExpression(sql);
  if ("fault" in reading) return reading.fault;
  return reading.references.map((name) => name.map((part) => part.text).join("."));
}

test.each([
  ["SUM(orders.net)", ["orders.net"]],
  ['sum("Odd Set"."a""b") / count(DISTINCT c.id)', ['Odd Set.a"b', "c.id"]],
  ["count(orders.*)", ["orders.*"]],
  ["pg_catalog.lower(a.b)", ["a.b"]],
  ["a.b::pg_catalog.int4 + CAST(c.d AS pg_catalog.int4)", ["a.b", "c.d"]],
  ["'a.b' || $$c.d$$ || $t$ e.f $$ $t$ || E'g\\'.h' || 1.5 /* i.j /* k.l */ m.n */ -- o.p", []],
  ["sum(amount)", []],
  ["a.b.c", ["a.b.c"]],
  ["größe.übergrößen", ["größe.übergrößen"]],
  ["'open", "a quote or comment is left open"],
  ['"open', "a quote or comment is left open"],
  ["/* open", "a quote or comment is left open"],
  ["  -- nothing", "the expression is empty"],
  ["(a", "its parentheses do not match"],
  ["a)(", "its parentheses do not match"],
  ["a; b", "it holds a semicolon"],
  ["(select max(x) from hidden)", "it holds a SELECT"],
  ["'select' || selected", []],
])("%s", (sql, expected) => {
  expect(references(sql)).toEqual(expected);
});

test("a plain name is told from an expression", () => {
  expect(readExpression("amount")).toMatchObject({ plain: ["amount"] });
  expect(readExpression('orders."Net Sum"')).toMatchObject({ plain: ["orders", "Net Sum"] });
  for (const sql of ["a + b", "lower(a)", "(a)", "a.b.c", "'a'"])
    expect(readExpression(sql)).not.toHaveProperty("plain");
});

test("any text has references or a fault, quickly", () => {
  const piece = fc.constantFrom(
    "'",
    '"',
    "$",
    "$$",
    "$a$",
    "/*",
    "*/",
    "--",
    "\n",
    ".",
    "(",
    ")",
    "a",
    "b",
    "E'",
    "\\",
    "::",
    " ",
    "é",
    "1",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (parts) => {
      expect(readExpression(parts.join(""))).toBeDefined();
    }),
    { numRuns: 2_000 },
  );
});

test("a quoted identifier reads back as itself", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (name) => {
      expect(readExpression(quoteIdentifier(name))).toMatchObject({ plain: [name] });
    }),
  );
});

test("an engine takes its own dialect, else standard SQL", () => {
  const all = [
    { dialect: "ANSI_SQL", sql: "a" },
    { dialect: "DUCKDB", sql: "d" },
    { dialect: "POSTGRESQL", sql: "p" },
  ];
  expect(expressionFor(all, "postgres")).toBe("p");
  expect(expressionFor(all, "duckdb")).toBe("d");
  expect(expressionFor(all.slice(0, 1), "duckdb")).toBe("a");
  expect(expressionFor([{ dialect: "MDX", sql: "m" }], "postgres")).toBeUndefined();
  expect(["ANSI_SQL", "MDX"].map(isOurs)).toEqual([true, false]);
});
