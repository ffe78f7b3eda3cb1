import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** A full collection now. Meant for the engine's own process, at rest. */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
}
