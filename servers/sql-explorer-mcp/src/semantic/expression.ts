import type { Expression } from "./model.ts";
import { type SqlToken, sqlTokens } from "./sql-words.ts";

/** A name with at least one dot, e.g. `orders.amount`; `*` may be its last part. */
export type Reference = readonly SqlToken[];

export interface Reading {
  readonly references: readonly Reference[];
  /** The name, when the expression is nothing else; `dataset.column` gives two parts. */
  readonly plain?: readonly string[];
}

/** Dotted names of an expression, or why it cannot be one. Function names and types are no references. */
export function readExpression(sql: string): Reading | { readonly fault: string } {
  const tokens = sqlTokens(sql);
  if (tokens === undefined) return { fault: "a quote or comment is left open" };
  if (tokens.length === 0) return { fault: "the expression is empty" };
  const fault = balance(tokens);
  if (fault !== undefined) return { fault };
  const references: Reference[] = [];
  for (let at = 0; at < tokens.length; ) {
    const name = nameAt(tokens, at);
    if (name.length > 1 && !isCall(tokens, at + span(name)) && !isType(tokens, at)) references.push(name);
    at += Math.max(1, span(name));
  }
  const whole = nameAt(tokens, 0);
  const isPlain = whole.length > 0 && whole.length <= 2 && span(whole) === tokens.length;
  return { references, ...(isPlain ? { plain: whole.map((token) => token.text) } : {}) };
}

/** The expression for an engine: its own dialect, else standard SQL; undefined when neither is given. */
export function expressionFor(
  expressions: readonly Expression[],
  engine: "postgres" | "duckdb",
): string | undefined {
  const wanted = engine === "postgres" ? ["POSTGRES", "POSTGRESQL", "ANSI_SQL"] : ["DUCKDB", "ANSI_SQL"];
  for (const dialect of wanted) {
    const found = expressions.find((expression) => expression.dialect === dialect);
    if (found !== undefined) return found.sql;
  }
  return undefined;
}

/** Dialects one of our engines runs. */
export function isOurs(dialect: string): boolean {
  return ["ANSI_SQL", "POSTGRES", "POSTGRESQL", "DUCKDB"].includes(dialect);
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function balance(tokens: readonly SqlToken[]): string | undefined {
  let depth = 0;
  for (const { kind, text } of tokens) {
    if (kind === "word" && text.toLowerCase() === "select") return "it holds a SELECT";
    if (kind !== "sign") continue;
    if (text === ";") return "it holds a semicolon";
    if (text === "(") depth++;
    if (text === ")" && --depth < 0) return "its parentheses do not match";
  }
  return depth === 0 ? undefined : "its parentheses do not match";
}

function nameAt(tokens: readonly SqlToken[], at: number): readonly SqlToken[] {
  const first = tokens[at];
  if (first === undefined || first.kind === "sign") return [];
  const name = [first];
  while (isSign(tokens[at + span(name)], ".")) {
    const next = tokens[at + span(name) + 1];
    if (next === undefined || (next.kind === "sign" && next.text !== "*")) break;
    name.push(next);
    if (next.kind === "sign") break;
  }
  return name;
}

/** Tokens of a dotted name, dots included. */
function span(name: readonly SqlToken[]): number {
  return name.length === 0 ? 0 : name.length * 2 - 1;
}

function isCall(tokens: readonly SqlToken[], after: number): boolean {
  return isSign(tokens[after], "(");
}

function isType(tokens: readonly SqlToken[], at: number): boolean {
  const before = tokens[at - 1];
  return isSign(before, "::") || (before?.kind === "word" && before.text.toLowerCase() === "as");
}

function isSign(token: SqlToken | undefined, text: string): boolean {
  return token?.kind === "sign" && token.text === text;
}
