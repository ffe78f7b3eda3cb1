import type { Stop } from "./protocol.ts";

/** Why the engine threw, from the little it says. */
export function causeOf(error: unknown, stderr: string): { readonly why: Stop; readonly detail: string } {
  const text = String((error as Error)?.message ?? error);
  if (/cannot allocate|out of memory/i.test(stderr) || /Aborted|memory/i.test(text)) {
    return { why: /out of bounds/.test(text) ? "stack" : "memory", detail: text };
  }
  if (/stack|call stack|out of bounds|unreachable|signature|null function/i.test(text))
    return { why: "stack", detail: text };
  return { why: "crash", detail: text };
}
