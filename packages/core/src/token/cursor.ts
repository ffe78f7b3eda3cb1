import type { z } from "zod";
import { shortDigest } from "./digest.ts";
import { expired, type TokenSigner } from "./signed-token.ts";

/** What a cursor is tied to; it opens only for the very same. */
export interface CursorBinding {
  readonly tool: string;
  readonly principal: string;
  /** Everything that changes what "the rest" means: sql, params, policy, sort. JSON; key order is of no matter. */
  readonly of: unknown;
}

export interface Cursors {
  mint(binding: CursorBinding, position: unknown): string;
  /** The position back; CURSOR_EXPIRED when foreign, old, bound to something else, or of another shape. */
  open<T>(cursor: string, binding: CursorBinding, position: z.ZodType<T>): T;
}

const defaultTtlMs = 15 * 60_000;

export function createCursors(signer: TokenSigner, options: { readonly ttlMs?: number } = {}): Cursors {
  const ttlMs = options.ttlMs ?? defaultTtlMs;
  return {
    mint(binding, position) {
      return signer.sign(purpose(binding), [fingerprint(binding), position], ttlMs);
    },
    open(cursor, binding, position) {
      const [bound, data] = signer.open(purpose(binding), cursor) as [string, unknown];
      if (bound !== fingerprint(binding)) throw expired("other_binding");
      // Instances of two versions may share a key.
      const parsed = position.safeParse(data);
      if (!parsed.success) throw expired("not_recognised");
      return parsed.data;
    },
  };
}

const purpose = (binding: CursorBinding): string => `cursor:${binding.tool}`;

const fingerprint = (binding: CursorBinding): string => shortDigest([binding.principal, binding.of]);
