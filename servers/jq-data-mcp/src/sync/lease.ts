import { randomUUID } from "node:crypto";
import type { ObjectStore } from "./object-store.ts";

export interface Lease {
  readonly generation: number;
  /** False once its time is over, with a margin: the holder stops by itself. */
  isHeld(): boolean;
  release(): Promise<void>;
}

interface LockBody {
  owner: string;
  acquired_at: string;
  expires_at: string;
  generation: number;
  released: boolean;
  nonce: string;
}

const marginMs = 1_000;

/**
 * The lock object, for jobs one instance should do: advisory, nothing's correctness rests on it. Undefined while
 * another holds it. It is never deleted, so that generations only grow.
 */
export async function acquireLease(
  store: ObjectStore,
  options: { readonly key: string; readonly owner: string; readonly ttlMs: number; readonly now?: () => number },
): Promise<Lease | undefined> {
  const now = options.now ?? Date.now;
  const current = await store.get(options.key);
  const held = current === undefined ? undefined : parse(current.body);
  if (held !== undefined && !held.released && Date.parse(held.expires_at) + marginMs > now()) return undefined;
  const body: LockBody = {
    owner: options.owner,
    acquired_at: new Date(now()).toISOString(),
    expires_at: new Date(now() + options.ttlMs).toISOString(),
    generation: (held?.generation ?? 0) + 1,
    released: false,
    nonce: randomUUID(),
  };
  const until = now() + options.ttlMs - marginMs;
  const put = await store.put(options.key, encode(body), current === undefined ? { ifAbsent: true } : { ifMatch: current.etag });
  if (put.kind === "refused") return undefined;
  return {
    generation: body.generation,
    isHeld: () => now() < until,
    async release() {
      await store.put(options.key, encode({ ...body, released: true }), { ifMatch: put.etag }).catch(() => undefined);
    },
  };
}

function encode(body: LockBody): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(body));
}

function parse(bytes: Uint8Array): LockBody | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as LockBody;
  } catch {
    return undefined;
  }
}
