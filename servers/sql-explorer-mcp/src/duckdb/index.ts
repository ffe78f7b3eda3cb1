export { createDuckdbEngine } from "./engine.ts";
export type { DuckdbOptions } from "./options.ts";
