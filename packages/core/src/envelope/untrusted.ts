import { randomUUID } from "node:crypto";
import { z } from "zod";

/**
 * Marks text that comes from rows, comments or remote names. A marked string is fenced where it stands;
 * a marked list or record is fenced as a whole by `untrusted_begin` and `untrusted_end` beside it.
 */
export function untrusted<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.meta({ untrusted: true }) as Schema;
}

export type Fence = (value: unknown, delimiter: string) => unknown;

/** One per result, so that text in one result cannot have been prepared for it. */
export function newDelimiter(): string {
  return `untrusted-${randomUUID().slice(0, 8)}`;
}

/** The function that fences a parsed value of `schema`; undefined when nothing in it is marked. */
export function compileFence(schema: z.ZodType): Fence | undefined {
  if (isMarked(schema)) {
    const inner = unwrap(schema);
    if (inner instanceof z.ZodString || inner instanceof z.ZodEnum) return fenceString;
  }
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return objectFence(inner);
  if (inner instanceof z.ZodArray) return listFence(inner.element as z.ZodType);
  if (inner instanceof z.ZodRecord) return recordFence(inner.valueType as z.ZodType);
  return undefined;
}

function isMarked(schema: z.ZodType): boolean {
  const own = (schema.meta() as { untrusted?: boolean } | undefined)?.untrusted;
  if (own) return true;
  const inner = innerOf(schema);
  return inner !== undefined && isMarked(inner);
}

function innerOf(schema: z.ZodType): z.ZodType | undefined {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  ) {
    return schema.unwrap() as z.ZodType;
  }
  return undefined;
}

function unwrap(schema: z.ZodType): z.ZodType {
  const inner = innerOf(schema);
  return inner === undefined ? schema : unwrap(inner);
}

const fenceString: Fence = (value, delimiter) =>
  typeof value === "string" && value !== "" ? `<${delimiter}>${value}</${delimiter}>` : value;

function listFence(element: z.ZodType): Fence | undefined {
  const each = compileFence(element);
  if (each === undefined) return undefined;
  return (value, delimiter) => (Array.isArray(value) ? value.map((item) => each(item, delimiter)) : value);
}

function recordFence(valueType: z.ZodType): Fence | undefined {
  const each = compileFence(valueType);
  if (each === undefined) return undefined;
  return (value, delimiter) => {
    if (!isPlain(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, each(item, delimiter)]));
  };
}

function objectFence(schema: z.ZodObject): Fence | undefined {
  const inside = new Map<string, Fence>();
  const whole = new Set<string>();
  for (const [key, field] of Object.entries(schema.shape)) {
    const type = field as z.ZodType;
    const fence = compileFence(type);
    if (fence !== undefined) inside.set(key, fence);
    else if (isMarked(type)) whole.add(key);
  }
  if (inside.size === 0 && whole.size === 0) return undefined;
  return (value, delimiter) => {
    if (!isPlain(value)) return value;
    const fenced: Record<string, unknown> = {};
    const marked = Object.keys(value).filter((key) => whole.has(key) && isFilled(value[key]));
    for (const [key, item] of Object.entries(value)) {
      if (key === marked[0]) fenced.untrusted_begin = delimiter;
      fenced[key] = inside.get(key)?.(item, delimiter) ?? item;
      if (key === marked.at(-1)) fenced.untrusted_end = delimiter;
    }
    return fenced;
  };
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isPlain(value)) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== "";
}

/** A value of `schema` parsed and fenced with a delimiter of its own, for answers that are no tool result. */
export function fenceUntrusted<Schema extends z.ZodType>(schema: Schema, value: z.input<Schema>): unknown {
  const parsed = schema.parse(value);
  return compileFence(schema)?.(parsed, newDelimiter()) ?? parsed;
}
