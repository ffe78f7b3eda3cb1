import { ToolError } from "@mcp-data/core";
import type { ListedObject, ObjectReader } from "../sync/object-store.ts";

const attempts = 4;

/** An object's bytes as they were when it was listed. CONFLICT when it was replaced meanwhile. */
export async function* downloaded(store: ObjectReader, object: ListedObject): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (let attempt = 1; from < object.size; attempt += 1) {
    const before = from;
    try {
      const body = await store.read(object.key, { etag: object.etag, from });
      if (body === undefined) {
        throw new ToolError("CONFLICT", "The dataset's object was replaced while it was read.", {
          hint: "Call again.",
          details: { reason: "changed_while_read" },
        });
      }
      for await (const chunk of body) {
        from += chunk.length;
        if (from > object.size) throw broken(object, from);
        yield chunk;
      }
      if (from < object.size && from === before) throw broken(object, from);
    } catch (error) {
      const passes = error instanceof ToolError && error.code === "UPSTREAM_ERROR";
      // Whatever arrived is kept: only the rest is asked for again.
      if (!passes || attempt >= attempts) throw error;
      if (from > before) attempt = 0;
    }
  }
}

function broken(object: ListedObject, got: number): ToolError {
  return new ToolError("UPSTREAM_ERROR", `The bucket gave ${got} of ${object.size} bytes.`, {
    retryAfterMs: 1_000,
    details: { reason: "broken_off" },
  });
}
