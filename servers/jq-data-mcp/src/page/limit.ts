import { ToolError } from "@mcp-data/core";

const windowMs = 60_000;

/** Requests of one caller a minute; the page itself needs far fewer. RATE_LIMITED with the wait. */
export function createPageLimit(max = 300, now: () => number = Date.now): (caller: string) => void {
  let counts = new Map<string, number>();
  let since = now();
  return (caller) => {
    if (now() - since >= windowMs) {
      counts = new Map();
      since = now();
    }
    const count = (counts.get(caller) ?? 0) + 1;
    counts.set(caller, count);
    if (count <= max) return;
    throw new ToolError("RATE_LIMITED", "Too many requests of this page.", {
      hint: "Wait a moment.",
      retryAfterMs: since + windowMs - now(),
    });
  };
}
