import { readSync } from "node:fs";
import { createSplitter } from "../engine/split/splitter.ts";

/** The shape of values, as far as a sample tells. */
export interface Shape {
  readonly types: readonly string[];
  readonly properties?: Readonly<Record<string, Shape & { readonly optional?: true }>>;
  readonly items?: Shape;
}

export interface Inferred {
  /** Whether the dataset is a list of elements, or one document. */
  readonly layout: "elements" | "document" | "empty" | "unknown";
  readonly element?: Shape;
  readonly sampled: number;
}

const sampleBytes = 1024 * 1024;
const maxElements = 500;
const maxProperties = 200;
const maxDepth = 8;

/** From the beginning of the data, whatever its size. */
export function inferSchema(fd: number, format: "json" | "ndjson"): Inferred {
  const raw = Buffer.alloc(sampleBytes);
  const read = readSync(fd, raw, 0, sampleBytes, 0);
  const text = raw.subarray(0, read);
  const whole = read < sampleBytes;
  const isArray =
    format === "json" && text.toString("utf8", 0, Math.min(read, 4_096)).trimStart().startsWith("[");
  if (format === "json" && !isArray) {
    if (!whole) return { layout: "unknown", sampled: 0 };
    const value = parse(text.toString());
    if (text.toString().trim() === "") return { layout: "empty", sampled: 0 };
    return value === undefined
      ? fromLines(text, whole)
      : { layout: "document", element: shapeOf([value.value], 0), sampled: 1 };
  }
  if (isArray) createSplitter({ split: true, nesting: 1_000 }).push(text, 0, text.length);
  return fromLines(text, whole);
}

/** Elements may span lines: a piece that does not parse is held until more makes it whole. */
function fromLines(text: Buffer, whole: boolean): Inferred {
  const values: unknown[] = [];
  let held = "";
  const lines = text.toString().split("\n");
  for (const [at, line] of lines.entries()) {
    if (values.length >= maxElements) break;
    if (at === lines.length - 1 && !whole) break;
    held = held === "" ? line : `${held}\n${line}`;
    if (held.trim() === "") {
      held = "";
      continue;
    }
    const value = parse(held);
    if (value !== undefined) {
      values.push(value.value);
      held = "";
    } else if (held.length > 100_000) held = "";
  }
  if (values.length === 0) return { layout: held.trim() === "" ? "empty" : "unknown", sampled: 0 };
  return { layout: "elements", element: shapeOf(values, 0), sampled: values.length };
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function shapeOf(values: readonly unknown[], depth: number): Shape {
  const types = [...new Set(values.map(typeOf))].sort();
  const objects = values.filter((value) => typeOf(value) === "object") as Record<string, unknown>[];
  const lists = values.filter(Array.isArray).flat();
  const names = [...new Set(objects.flatMap((object) => Object.keys(object)))].sort().slice(0, maxProperties);
  return {
    types,
    ...(objects.length === 0 || depth >= maxDepth
      ? {}
      : {
          properties: Object.fromEntries(
            names.map((name) => {
              const having = objects.filter((object) => Object.hasOwn(object, name));
              const shape = shapeOf(
                having.map((object) => object[name]),
                depth + 1,
              );
              return [name, having.length < objects.length ? { ...shape, optional: true as const } : shape];
            }),
          ),
        }),
    ...(lists.length === 0 || depth >= maxDepth
      ? {}
      : { items: shapeOf(lists.slice(0, maxElements), depth + 1) }),
  };
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** What changed from one shape to the next, by path. */
export function diffShapes(before: Shape | undefined, after: Shape | undefined, path = "."): string[] {
  if (before === undefined || after === undefined) {
    return before === after ? [] : [`${after === undefined ? "-" : "+"} ${path}`];
  }
  const changes: string[] = [];
  if (before.types.join() !== after.types.join())
    changes.push(`~ ${path}: ${before.types.join("|")} → ${after.types.join("|")}`);
  const names = new Set([...Object.keys(before.properties ?? {}), ...Object.keys(after.properties ?? {})]);
  for (const name of [...names].sort()) {
    const at = `${path === "." ? "" : path}.${name}`;
    changes.push(...diffShapes(before.properties?.[name], after.properties?.[name], at));
  }
  if (before.items !== undefined || after.items !== undefined)
    changes.push(...diffShapes(before.items, after.items, `${path}[]`));
  return changes;
}
