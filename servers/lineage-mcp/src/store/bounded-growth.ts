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

/** Refuses a statement whose functions make much out of little: a length that is large, or not told by the text. VALIDATION_ERROR. */
export function refuseGrowth(tree: string): void {
  let product = 1;
  const look = (value: unknown, called = true): void => {
    if (Array.isArray(value)) {
      for (const each of value) look(each);
      return;
    }
    if (typeof value !== "object" || value === null) return;
    const node = value as Node;
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
  const put = (node.children as Node[] | undefined)?.[2];
  return replacing.has(name) && put !== undefined && constantOf(put) === undefined
    ? longest * 1_000
    : longest;
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
  return node?.class === "CONSTANT" ? (node.value as Node | undefined)?.value : undefined;
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
