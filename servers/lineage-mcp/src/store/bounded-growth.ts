import { ToolError } from "@mcp-data/core";

type Node = { readonly [key: string]: unknown };

/** How large one value may become by all calls of a statement together; the engine makes 2,048 of them at a time. */
const most = 100_000;

/** Which argument says how often or how long; memory for it is taken in one piece, past the engine's limit, and no interrupt is heard until it is done. */
const lengthAt = new Map([
  ["repeat", 1],
  ["lpad", 1],
  ["rpad", 1],
  ["list_resize", 1],
  ["array_resize", 1],
  ["bitstring", 1],
  ["equi_width_bins", 2],
  ["bar", 3],
]);

/** What a statement makes of each text it names. */
export interface Growth {
  /** How many times as long its longest value may become. */
  readonly times: number;
  readonly longestConstant: number;
  /** Of columns, and what may be one; undefined when the text does not tell which. */
  readonly names: ReadonlySet<string> | undefined;
}

/** Refuses a statement whose functions make much out of little: a length that is large, or not told by the text. VALIDATION_ERROR. */
export function refuseGrowth(tree: string): Growth {
  let product = 1;
  let longestConstant = 1;
  let told = true;
  const names = new Set<string>();
  const alone = new Set<string>();
  const rows = new Set<string>();
  const note = (node: Node): void => {
    const constant = constantOf(node);
    if (typeof constant === "string") longestConstant = Math.max(longestConstant, constant.length);
    if (node.class === "COLUMN_REF") {
      const parts = (node.column_names as string[]).map((part) => part.toLowerCase());
      for (const part of parts) names.add(part);
      if (parts.length === 1) alone.add(parts[0] ?? "");
    }
    if (node.class === undefined)
      for (const name of [node.alias, node.table_name])
        if (typeof name === "string" && name !== "") rows.add(name.toLowerCase());
    if (hides(node)) told = false;
    if (node.class === "LAMBDA" && reachesOut(node)) product *= 1_000;
  };
  const look = (value: unknown, called = true): void => {
    if (Array.isArray(value)) {
      for (const each of value) look(each);
      return;
    }
    if (typeof value !== "object" || value === null) return;
    const node = value as Node;
    note(node);
    if (called && node.class === "FUNCTION") {
      const name = String(node.function_name).toLowerCase();
      const size = sizeOf(name, (node.children as Node[] | undefined) ?? []);
      product *= Math.max(1, size);
      if (!(product <= most)) throw refused(name);
    }
    if (node.type === "SELECT_NODE") {
      product *= Math.max(1, ...((node.select_list as Node[] | undefined) ?? []).map(growthOf));
      if (!(product <= most)) throw refused("Joining texts again and again");
    }
    // In FROM rows come one after the other.
    for (const [key, each] of Object.entries(node))
      look(each, !(node.type === "TABLE_FUNCTION" && key === "function"));
  };
  look(JSON.parse(tree));
  // The name of a table stands for a whole row of it.
  const whole = [...alone].some((name) => rows.has(name));
  return { times: product, longestConstant, names: told && !whole ? names : undefined };
}

/** Few copies of a text cost little more than reading it. */
const copies = 4;

/** Refuses when a text as long as the longest of those columns would become too long. VALIDATION_ERROR. */
export async function refuseLength(
  { times, longestConstant, names }: Growth,
  longest: (names: Growth["names"]) => Promise<number>,
): Promise<void> {
  if (times > copies && times * Math.max(longestConstant, await longest(names)) > most)
    throw refused("A function of texts this long");
}

/** Columns come under other names, or under none. */
function hides(node: Node): boolean {
  const aliases = [node.column_name_alias, node.aliases, node.rename_list].some(
    (list) => Array.isArray(list) && list.length > 0,
  );
  const star = node.class === "STAR" && node.columns === true;
  return aliases || star || node.class === "POSITIONAL_REFERENCE" || node.type === "PIVOT";
}

/** Something of outside is put in for every element of a list. */
function reachesOut(lambda: Node): boolean {
  const own = new Set(namesIn(lambda.lhs));
  return namesIn(lambda.expr).some((name) => !own.has(name));
}

function namesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const node = value as Node;
  const here = node.class === "COLUMN_REF" ? [(node.column_names as string[])[0] ?? ""] : [];
  return [...here, ...Object.values(node).flatMap(namesIn)];
}

const joining = new Set([
  "||",
  "concat",
  "concat_ws",
  "list_concat",
  "list_cat",
  "array_concat",
  "array_cat",
]);
const replacing = new Set(["replace", "regexp_replace"]);

/** How many times the longest of its columns an expression can be. */
function growthOf(node: Node): number {
  if (node.class === "CONSTANT") return 0;
  if (node.class === "COLUMN_REF" || node.class === "SUBQUERY") return 1;
  const inner = Object.values(node)
    .flat()
    .filter((each): each is Node => typeof each === "object" && each !== null)
    .map(growthOf);
  const name = node.class === "FUNCTION" ? String(node.function_name).toLowerCase() : "";
  if (joining.has(name)) return inner.reduce((sum, each) => sum + each, 0);
  const longest = Math.max(0, ...inner);
  return replacing.has(name)
    ? Math.max(1, longest) * putIn(name, (node.children as Node[] | undefined) ?? [])
    : longest;
}

/** How many characters may come for one that goes. */
function putIn(name: string, [, from, put]: readonly Node[]): number {
  const text = constantOf(put);
  if (typeof text !== "string") return 1_000;
  const gone = name === "replace" ? String(constantOf(from) ?? "").length : 0;
  // A pattern may match nothing at all, and what it matched may come again.
  if (name !== "replace") return 1 + text.length + (text.match(/\\\d/g) ?? []).length;
  return Math.max(1, Math.ceil(text.length / Math.max(1, gone)));
}

function sizeOf(name: string, args: readonly Node[]): number {
  const at = lengthAt.get(name);
  if (at !== undefined) return args[at] === undefined ? 1 : Math.abs(numberOf(args[at]));
  if (name === "range" || name === "generate_series") {
    const [first = 0, second, step = 1] = args.map(numberOf);
    return Math.abs(second === undefined ? first : (second - first) / step);
  }
  if (name === "format" || name === "printf") return widthOf(args[0]);
  return 1;
}

function widthOf(pattern: Node | undefined): number {
  const text = constantOf(pattern);
  if (typeof text !== "string" || /\{[^}]*\{|%[^a-z%]*\*/i.test(text)) return Number.POSITIVE_INFINITY;
  return Math.max(1, ...(text.match(/\d+/g) ?? []).map(Number));
}

/** Infinity when the text does not tell. */
function numberOf(node: Node): number {
  const value = constantOf(node);
  const number = typeof value === "string" || typeof value === "number" ? Number(value) : Number.NaN;
  return Number.isNaN(number) ? Number.POSITIVE_INFINITY : number;
}

function constantOf(node: Node | undefined): unknown {
  if (node?.class === "CAST") return constantOf(node.child as Node);
  if (node?.class !== "CONSTANT") return undefined;
  const {
    value,
    type,
    is_null: missing,
  } = (node.value ?? {}) as { value?: unknown; type?: Node; is_null?: boolean };
  // An empty text and a zero are left out of the tree.
  return value ?? (missing === true ? undefined : type?.id === "VARCHAR" ? "" : 0);
}

function refused(name: string): ToolError {
  return new ToolError(
    "VALIDATION_ERROR",
    `${name} would make a value too large, or of a length the text does not tell.`,
    {
      hint: `Write lengths as numbers; those of one statement may come to ${most.toLocaleString("en-US")} together. In FROM, range() and generate_series() have no such limit.`,
      details: { reason: "too_large" },
    },
  );
}
