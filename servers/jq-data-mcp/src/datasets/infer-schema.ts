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
      ? fromLines(text, whole, false)
      : { layout: "document", element: shapeOf([value.value], 0), sampled: 1 };
  }
  if (isArray) createSplitter({ split: true, nesting: 1_000 }).push(text, 0, text.length);
  return fromLines(text, whole, format === "ndjson");
}

/** Values end with a line: with every one in NDJSON, else with one outside of strings and brackets. */
function fromLines(text: Buffer, whole: boolean, everyLine: boolean): Inferred {
  const values: unknown[] = [];
  let strange = false;
  let from = 0;
  const take = (to: number) => {
    const one = text.toString("utf8", from, to).trim();
    from = to;
    if (one === "") return;
    const value = parse(one);
    if (value === undefined) strange = true;
    else values.push(value.value);
  };
  for (const end of lineEnds(text, everyLine)) {
    take(end);
    if (values.length >= maxElements) break;
  }
  if (whole && values.length < maxElements) take(text.length);
  if (values.length === 0) return { layout: strange || from < text.length ? "unknown" : "empty", sampled: 0 };
  return { layout: "elements", element: shapeOf(values, 0), sampled: values.length };
}

function* lineEnds(text: Buffer, everyLine: boolean): Generator<number> {
  if (everyLine) {
    for (let at = text.indexOf(0x0a); at >= 0; at = text.indexOf(0x0a, at + 1)) yield at;
    return;
  }
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at];
    if (inString) {
      if (byte === 0x5c) at += 1;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x5b || byte === 0x7b) depth += 1;
    else if (byte === 0x5d || byte === 0x7d) depth -= 1;
    else if (byte === 0x0a && depth === 0) yield at;
  }
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
