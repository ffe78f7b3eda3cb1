import { z } from "zod";
import { type ConfigProblem, fieldPath, kindOf } from "./config-error.ts";
import { nearest } from "./nearest.ts";
import { type Path, valueAt } from "./tree.ts";

type Issue = z.core.$ZodIssue;
type Found = ConfigProblem & { readonly path: Path };

const kinds: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

/** A schema issue as field, problem and fix; of the input only the kinds of values are told. */
export function describeIssues(schema: z.ZodType, input: unknown, issues: readonly Issue[]): Found[] {
  return issues.flatMap((issue) => describe(schema, input, issue, []));
}

function describe(schema: z.ZodType, input: unknown, issue: Issue, base: Path): Found[] {
  const path = [...base, ...issue.path];
  const value = valueAt(input, path);
  const found = (problem: string, fix?: string, at: Path = path): Found[] => [
    { field: fieldPath(at), problem, path: at, ...(fix === undefined ? {} : { fix }) },
  ];
  const got = `got ${kindOf(value)}`;
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.flatMap((key) => {
        const known = knownKeys(schema, path);
        const near = nearest(key, known);
        const list = known.length === 0 || known.length > 30 ? undefined : `Known here: ${known.join(", ")}.`;
        return found("is not a known setting", near === undefined ? list : `Did you mean ${near}?`, [
          ...path,
          key,
        ]);
      });
    case "invalid_type":
      if (value === undefined)
        return found("is required", `Give it ${kinds[issue.expected] ?? issue.expected}.`);
      return found(
        `must be ${kinds[issue.expected] ?? issue.expected}, ${got}`,
        quoting(issue.expected, value),
      );
    case "invalid_value":
      return found(
        `must be ${oneOf(issue.values)}, got ${value === undefined ? "nothing" : "something else"}`,
      );
    case "too_small":
      return found(`must be ${bound(issue.origin, "at least", issue.minimum, issue.inclusive)}, ${got}`);
    case "too_big":
      return found(`must be ${bound(issue.origin, "at most", issue.maximum, issue.inclusive)}, ${got}`);
    case "invalid_format":
      return found(`is not a valid ${issue.format === "regex" ? "name or pattern" : issue.format}`);
    case "invalid_union": {
      const forms = issue.errors.flatMap((branch) => branch.slice(0, 1)).map(expectedKind);
      return (
        union(schema, input, issue.errors, path) ??
        found(value === undefined ? "is required" : `must be ${[...new Set(forms)].join(" or ")}, ${got}`)
      );
    }
    case "invalid_key":
      return found("is not an acceptable name here");
    case "invalid_element":
      return issue.issues.flatMap((inner) => describe(schema, input, inner, path));
    default:
      return found(issue.message.replace(/\.$/, ""));
  }
}

/** The form the writer most likely meant: the one that got past its own kind of value. */
function union(
  schema: z.ZodType,
  input: unknown,
  errors: readonly Issue[][],
  path: Path,
): Found[] | undefined {
  const meant = errors.filter(
    (branch) => !branch.some((issue) => issue.code === "invalid_type" && issue.path.length === 0),
  );
  const [branch] = meant.sort((a, b) => a.length - b.length);
  return branch?.flatMap((issue) => describe(schema, input, issue, path));
}

function expectedKind(issue: Issue): string {
  return issue.code === "invalid_type" ? (kinds[issue.expected] ?? issue.expected) : "another kind of value";
}

function quoting(expected: string, value: unknown): string | undefined {
  return expected === "string" && (typeof value === "number" || typeof value === "boolean")
    ? "Put it in quotes."
    : undefined;
}

function oneOf(values: readonly unknown[]): string {
  const words = values.map(String);
  return words.length === 1 ? (words[0] ?? "") : `one of ${words.join(", ")}`;
}

function bound(origin: string, word: string, limit: number | bigint, inclusive: boolean | undefined): string {
  const unit = { string: " characters long", array: " items long", set: " items long" }[origin] ?? "";
  return `${inclusive === false ? (word === "at least" ? "more than" : "less than") : word} ${limit}${unit}`;
}

type Json = { [key: string]: unknown };

/** Keys the schema knows at a place, over all its forms. */
function knownKeys(schema: z.ZodType, path: Path): string[] {
  const root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Json;
  const expand = (node: Json): Json[] => {
    if (typeof node.$ref === "string") {
      const target = valueAt(root, node.$ref.replace(/^#\/?/, "").split("/").filter(Boolean));
      return typeof target === "object" && target !== null ? expand(target as Json) : [];
    }
    const forms = [node.anyOf, node.oneOf, node.allOf].flatMap((list) => (Array.isArray(list) ? list : []));
    return [node, ...forms.flatMap((form: Json) => expand(form))];
  };
  const step = (node: Json, key: PropertyKey): Json[] => {
    const next =
      valueAt(node, ["properties", key]) ??
      (typeof key === "number" ? node.items : node.additionalProperties);
    return typeof next === "object" && next !== null ? expand(next as Json) : [];
  };
  const places = path.reduce<Json[]>((nodes, key) => nodes.flatMap((node) => step(node, key)), expand(root));
  return [...new Set(places.flatMap((node) => Object.keys((node.properties as Json | undefined) ?? {})))];
}
