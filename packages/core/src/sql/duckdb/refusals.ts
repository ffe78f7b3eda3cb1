import { clipName } from "../names.ts";
import { reject } from "../reject.ts";
import type { Rejected } from "../verdict.ts";
import { type AstNode, type AstValue, isNode } from "./ast.ts";

/** A construct that is in no table of what is allowed. */
export function unknown(what: string): Rejected {
  return reject(
    "forbidden_statement",
    `The statement uses a construct that is not allowed (${clipName(what)}).`,
    "Send one plain SELECT: FROM, JOIN, WITH, set operations, grouping, windows, PIVOT … IN and sampling are allowed.",
  );
}

export function tooLarge(): Rejected {
  return reject(
    "too_large",
    "The statement, with the views and macros it uses, is too large to check.",
    "Split it into smaller statements.",
  );
}

export function systemListing(): Rejected {
  return reject(
    "system_catalog_not_allowed",
    "SHOW and DESCRIBE without a table list the engine's catalog.",
    "Use list_tables, or describe_table for one table.",
  );
}

export function wholeRow(names: readonly string[]): Rejected {
  return reject(
    "column_not_allowed",
    `${clipName(names.join("."))} stands for a whole row of a table with withheld columns.`,
    "Name the columns you need.",
  );
}

/** A view or macro whose text the engine could not give back. */
export function opaque(label: string): Rejected {
  return reject(
    "table_not_allowed",
    `The definition of ${clipName(label)} cannot be checked.`,
    "Use the tables behind it, or ask the operator to list the view under trusted_views.",
  );
}

/** Says which view or macro the refused name stands in, not which table is behind it. */
export function explain(refused: Rejected, via: readonly string[]): Rejected {
  const outer = via[0];
  if (outer === undefined) return refused;
  if (refused.reason === "table_not_allowed" || refused.reason === "schema_not_allowed") {
    return reject(refused.reason, `${clipName(outer)} uses a table that may not be read.`, refused.hint);
  }
  return { ...refused, message: `${refused.message} (It stands in the definition of ${clipName(outer)}.)` };
}

export function isPlain(value: AstValue): boolean {
  if (Array.isArray(value)) return value.every(isPlain);
  return !isNode(value);
}

const sampleFields = new Set(["sample_size", "is_percentage", "method", "seed", "repeatable"]);
const valueFields = new Set(["type", "is_null", "value"]);

/** A sample's size is a constant; anything else in its place is not known. */
export function isSample(sample: AstNode): boolean {
  return Object.entries(sample).every(([field, value]) => {
    if (!sampleFields.has(field)) return false;
    if (field !== "sample_size") return isPlain(value);
    return isNode(value) && Object.keys(value).every((key) => valueFields.has(key)) && isPlain(value.value);
  });
}

export function notParsed(message: string, position: number | undefined): Rejected {
  return reject(
    "parse_error",
    `The statement does not parse: ${clipName(message, 300)}.`,
    "Write DuckDB SQL.",
    position === undefined ? {} : { position },
  );
}

export function explainCount(statements: number, text: string): Rejected {
  return reject(
    "multiple_statements",
    `The text holds ${statements} statements; send one.`,
    /\bpivot\b/i.test(text)
      ? "A PIVOT without an IN list counts as two: write PIVOT t ON column IN ('a', 'b') USING …"
      : "Send each in a call of its own.",
    { statements },
  );
}

export function notOneSelect(): Rejected {
  return reject(
    "forbidden_statement",
    "Only a SELECT may run here.",
    "Send one SELECT, WITH … SELECT, FROM …, VALUES, PIVOT … IN, DESCRIBE or SUMMARIZE of a table.",
  );
}

export function notThatMany(used: number, passed: number): Rejected {
  return reject(
    "parse_error",
    `The statement uses ${used} parameters and ${passed} were passed.`,
    "Pass params as a list with one value for each of $1, $2, …",
    { used, passed },
  );
}

export function tooManyComments(): Rejected {
  return reject("too_large", "The statement has too many comments.", "Remove them.");
}
