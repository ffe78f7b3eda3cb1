import { type ShapeSpec, shapeOf } from "./shapes.ts";

export interface CheckOptions {
  /** A field nobody declared is a problem. */
  readonly strict: boolean;
  /** A word outside a declared list is a problem. */
  readonly words: boolean;
  /** A missing required field is a problem. */
  readonly required: boolean;
}

const maxProblems = 10;

const scalars: Readonly<Record<string, (given: unknown) => boolean>> = {
  string: (given) => typeof given === "string",
  boolean: (given) => typeof given === "boolean",
  integer: (given) => Number.isInteger(given),
  number: (given) => typeof given === "number",
};

/** What is wrong with a value for a type of the notation: `body.name is missing`. Empty when nothing is. */
export function checkValue(type: string, value: unknown, options: CheckOptions, at = "body"): string[] {
  const problems: string[] = [];
  check(type, value, at);
  return problems.slice(0, maxProblems);

  function check(spec: string, given: unknown, where: string): void {
    const bare = spec.endsWith("!") ? spec.slice(0, -1) : spec;
    if (bare === "any") return;
    if (bare.endsWith("[]")) {
      if (Array.isArray(given))
        given.forEach((item, index) => void check(bare.slice(0, -2), item, `${where}[${index}]`));
      else wrong(where, "a list", given);
    } else if (bare.startsWith("map<")) {
      if (isRecord(given))
        for (const [key, item] of Object.entries(given)) check(bare.slice(4, -1), item, `${where}.${key}`);
      else wrong(where, "an object", given);
    } else if (Object.hasOwn(scalars, bare)) {
      if (!scalars[bare]?.(given)) wrong(where, bare === "integer" ? "a whole number" : `a ${bare}`, given);
    } else {
      const shape = shapeOf(bare);
      if (shape === undefined) throw new Error(`the contract names no type ${bare}`);
      checkShape(shape, given, where);
    }
  }

  function checkShape(shape: ShapeSpec, given: unknown, where: string): void {
    if (typeof shape === "string") check(shape, given, where);
    else if (isWords(shape)) checkWord(shape, given, where);
    else if (isRecord(given)) checkFields(shape, given, where);
    else wrong(where, "an object", given);
  }

  function checkWord(words: readonly string[], given: unknown, where: string): void {
    if (typeof given !== "string") wrong(where, "a word", given);
    else if (options.words && !words.includes(given))
      problems.push(`${where} must be one of ${words.join(", ")}`);
  }

  function checkFields(
    shape: Readonly<Record<string, string>>,
    given: Record<string, unknown>,
    where: string,
  ): void {
    for (const [field, type] of Object.entries(shape)) {
      const item = given[field];
      if (item !== undefined && item !== null) check(type, item, `${where}.${field}`);
      else if (options.required && type.endsWith("!")) problems.push(`${where}.${field} is missing`);
    }
    if (!options.strict) return;
    for (const field of Object.keys(given)) {
      if (!Object.hasOwn(shape, field)) problems.push(`${where}.${field} is not declared`);
    }
  }

  function wrong(where: string, wanted: string, given: unknown): void {
    problems.push(`${where} must be ${wanted}, got ${kindOf(given)}`);
  }
}

function isWords(shape: ShapeSpec): shape is readonly string[] {
  return Array.isArray(shape);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value;
}
