import { createHash } from "node:crypto";
import type { ObjectStore } from "../../src/sync/object-store.ts";

/** A bucket in memory, with the conditions of a real one. */
export function memoryStore(now = Date.now) {
  const objects = new Map<string, { body: Uint8Array; etag: string; at: number }>();
  const store: ObjectStore = {
    async get(key) {
      const found = objects.get(key);
      return found && { body: found.body, etag: found.etag };
    },
    async getIfChanged(key, etag) {
      const found = objects.get(key);
      return found?.etag === etag ? "same" : found && { body: found.body, etag: found.etag };
    },
    async put(key, body, condition) {
      const current = objects.get(key);
      if (condition !== undefined && "ifAbsent" in condition && current !== undefined)
        return { kind: "refused" };
      if (condition !== undefined && "ifMatch" in condition && current?.etag !== condition.ifMatch)
        return { kind: "refused" };
      const etag = `"${createHash("md5").update(body).digest("hex")}"`;
      objects.set(key, { body: new Uint8Array(body), etag, at: now() });
      return { kind: "stored", etag };
    },
    async list(prefix) {
      return [...objects]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, { body, etag, at }]) => ({
          key,
          etag,
          size: body.length,
          changedAt: new Date(at).toISOString(),
        }));
    },
    async delete(key) {
      objects.delete(key);
    },
  };
  return { store, objects };
}
