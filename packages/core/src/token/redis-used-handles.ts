import { ToolError } from "../error/tool-error.ts";
import type { UsedHandles } from "./used-handles.ts";

/** The one command needed; an ioredis client has it. */
export interface SetIfAbsent {
  set(key: string, value: string, unit: "PX", ms: number, condition: "NX"): Promise<"OK" | null>;
}

/** Used handles of all instances that share a signing key. UNAVAILABLE while Redis is: nothing runs twice. */
export function redisUsedHandles(
  client: SetIfAbsent,
  prefix: string,
  now: () => number = Date.now,
): UsedHandles {
  return {
    async claim(id, expiresAt) {
      const ms = Math.max(Math.ceil(expiresAt - now()), 1);
      try {
        return (await client.set(`${prefix}:used:${id}`, "1", "PX", ms, "NX")) === "OK";
      } catch (cause) {
        throw new ToolError("UNAVAILABLE", "Confirmations cannot be checked at the moment.", {
          hint: "Try again shortly with the same handle.",
          retryAfterMs: 2_000,
          cause,
        });
      }
    },
  };
}
