import { randomUUID } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { operationSchema } from "../library/operations.ts";

const segment = z.object({ key: z.string(), from: z.int(), to: z.int() });

/** The one object that says what the team's log is; everything it names is never written twice. */
export const manifestSchema = z.object({
  format: z.literal(1),
  generation: z.int(),
  head_seq: z.int(),
  segments: z.array(segment),
  snapshot: z.object({ key: z.string(), seq: z.int(), sha256: z.string() }).nullable(),
  schema_version: z.int(),
  nonce: z.string(),
  writer: z.string(),
});

export type Manifest = z.output<typeof manifestSchema>;

const usageRow = z.object({
  item: z.string(),
  instance: z.string(),
  day: z.string(),
  user: z.string(),
  calls: z.int(),
  errors: z.int(),
  total_ms: z.number(),
  max_ms: z.number(),
  bytes: z.int(),
});

export const segmentSchema = z.object({ operations: z.array(operationSchema), usage: z.array(usageRow) });
export type Segment = z.output<typeof segmentSchema>;

export function emptyManifest(schemaVersion: number): Manifest {
  return {
    format: 1,
    generation: 0,
    head_seq: 0,
    segments: [],
    snapshot: null,
    schema_version: schemaVersion,
    nonce: "",
    writer: "",
  };
}

export function nextManifest(before: Manifest, writer: string, change: Partial<Manifest>): Manifest {
  return { ...before, ...change, generation: before.generation + 1, nonce: randomUUID(), writer };
}

export const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
export const decode = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));
export const pack = (value: unknown): Uint8Array => gzipSync(encode(value));
/** A segment of another size than any of ours is none of ours. */
export const unpack = (bytes: Uint8Array): unknown =>
  decode(gunzipSync(bytes, { maxOutputLength: 256 * 1024 * 1024 }));
