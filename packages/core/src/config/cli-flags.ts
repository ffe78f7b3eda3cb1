import { parseArgs } from "node:util";
import type { CommandLine, Flag, FlagTable } from "./command-line.ts";
import { nearest } from "./nearest.ts";
import { usageText } from "./usage.ts";

type FlagValue<F extends Flag> = F extends { type: "boolean" }
  ? boolean
  : F extends { type: "integer" }
    ? number
    : F extends { type: "list" }
      ? readonly string[]
      : F extends { type: "choice"; choices: readonly (infer Choice)[] }
        ? Choice
        : string;

/** Only flags that were given are there, so the layers below keep their say. */
export type FlagValues<T extends FlagTable> = { readonly [K in keyof T]?: FlagValue<T[K]> };

export type ParsedCommandLine<T extends FlagTable> =
  | { readonly kind: "run"; readonly flags: FlagValues<T>; readonly positionals: readonly string[] }
  /** Print and end: 0 with text for stdout (help, version), 2 with text for stderr (misuse). */
  | { readonly kind: "exit"; readonly code: 0 | 2; readonly stdout: string; readonly stderr: string };

const standardFlags = {
  help: { type: "boolean", help: "Show this text", short: "h" },
  version: { type: "boolean", help: "Show the version" },
} as const satisfies FlagTable;

/** Keeps the choices of a table's flags as literal types. */
export function defineCommandLine<const T extends FlagTable>(spec: CommandLine<T>): CommandLine<T> {
  return spec;
}

/** No message repeats a value: one of them may be a DSN. */
export function parseCommandLine<const T extends FlagTable>(
  spec: CommandLine<T>,
  argv: readonly string[],
): ParsedCommandLine<T> {
  const table: FlagTable = { ...spec.flags, ...standardFlags };
  const usage = () => usageText({ ...spec, flags: table });
  const misuse = (problem: string) => {
    return { kind: "exit", code: 2, stdout: "", stderr: `${spec.name}: ${problem}\n\n${usage()}` } as const;
  };
  const canonical = new Map(
    Object.entries(table).flatMap(([name, flag]) =>
      [name, ...(flag.aliases ?? [])].map((one) => [one, name]),
    ),
  );
  const options = [...canonical].map(([spelling, name]) => {
    const flag = table[name] as Flag;
    const type = flag.type === "boolean" ? ("boolean" as const) : ("string" as const);
    return [spelling, { type, ...(flag.short && spelling === name ? { short: flag.short } : {}) }];
  });
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(options),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });

  const values: Record<string, unknown> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const negated = canonical.get(token.name) === undefined && token.name.startsWith("no-");
    const name = canonical.get(negated ? token.name.slice(3) : token.name);
    const flag = name === undefined ? undefined : table[name];
    if (name === undefined || flag === undefined || (negated && flag.type !== "boolean")) {
      return misuse(unknownFlag(token.rawName, [...canonical.keys()]));
    }
    const problem = take(values, name, flag, negated, token.value, token.inlineValue === true);
    if (problem !== undefined) return misuse(`--${name} ${problem}`);
  }
  if (values.help) return { kind: "exit", code: 0, stdout: usage(), stderr: "" };
  if (values.version) return { kind: "exit", code: 0, stdout: `${spec.version}\n`, stderr: "" };
  const max = spec.positionals.max ?? Number.POSITIVE_INFINITY;
  if (positionals.length > max) {
    return misuse(max === 0 ? "takes only flags" : `takes at most ${max} of ${spec.positionals.usage}`);
  }
  return { kind: "run", flags: values as FlagValues<T>, positionals };
}

/** Sets the value, or says what is wrong with it. */
function take(
  values: Record<string, unknown>,
  name: string,
  flag: Flag,
  negated: boolean,
  text: string | undefined,
  inline: boolean,
): string | undefined {
  if (flag.type === "boolean") {
    if (text !== undefined && (negated || !/^(true|false)$/.test(text))) return "takes no value";
    values[name] = negated ? false : text !== "false";
    return undefined;
  }
  if (text === undefined || text === "" || (!inline && /^-./.test(text))) {
    return `needs a value${text ? `; write --${name}=VALUE for one that starts with "-"` : ""}`;
  }
  if (flag.type === "list") {
    const items = text.split(",").map((item) => item.trim());
    if (items.includes("")) return "has an empty item";
    values[name] = [...((values[name] as string[] | undefined) ?? []), ...items];
    return undefined;
  }
  if (name in values) return "is given twice";
  if (flag.type === "choice" && !flag.choices.includes(text))
    return `must be one of: ${flag.choices.join(", ")}`;
  if (flag.type !== "integer") {
    values[name] = text;
    return undefined;
  }
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = flag;
  const number = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= min && number <= max)) return `must be a whole number from ${min} to ${max}`;
  values[name] = number;
  return undefined;
}

function unknownFlag(rawName: string, known: readonly string[]): string {
  const typed = rawName.replace(/^-+/, "");
  const near = rawName.startsWith("--") ? nearest(typed, known) : undefined;
  return `unknown flag ${rawName.slice(0, 60)}${near === undefined ? "" : `, did you mean --${near}?`}`;
}
