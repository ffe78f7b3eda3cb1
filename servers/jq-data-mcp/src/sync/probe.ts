import { randomUUID } from "node:crypto";
import { ToolError } from "@mcp-data/core";
import type { ObjectStore } from "./object-store.ts";

/** CONFIG_ERROR when the bucket takes a write whose condition does not hold: instances would overwrite each other. */
export async function probeConditions(store: ObjectStore): Promise<void> {
  const key = `probes/${randomUUID()}`;
  const body = new TextEncoder().encode(randomUUID());
  try {
    const first = await store.put(key, body, { ifAbsent: true });
    const second = await store.put(key, new TextEncoder().encode("second"), { ifAbsent: true });
    const stale = await store.put(key, new TextEncoder().encode("stale"), { ifMatch: '"00000000000000000000000000000000"' });
    const right = first.kind === "stored" ? await store.put(key, new TextEncoder().encode("right"), { ifMatch: first.etag }) : first;
    if (first.kind === "stored" && second.kind === "refused" && stale.kind === "refused" && right.kind === "stored") return;
  } finally {
    await store.delete(key).catch(() => undefined);
  }
  throw new ToolError("CONFIG_ERROR", "sync.bucket: this store ignores conditional writes, so it cannot be shared safely.", {
    hint: "Use a store that honours If-None-Match and If-Match on PUT, such as AWS S3.",
    details: { reason: "no_conditional_writes" },
  });
}
