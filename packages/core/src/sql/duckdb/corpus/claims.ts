import type { Family } from "./attack.ts";

/**
 * Which walls stop a family, each with the others off. Wall 1 is the text gate on an open, writable instance;
 * wall 3 the locked instance that runs one prepared SELECT. `partly`: some texts of the family get through it.
 */
export const wallClaims: Readonly<
  Record<Family, { readonly gate: "all"; readonly locked: "all" | "partly" | "none" }>
> = {
  "read a file": { gate: "all", locked: "all" },
  "write a file": { gate: "all", locked: "all" },
  "attach or load": { gate: "all", locked: "all" },
  "write data": { gate: "all", locked: "all" },
  "several statements": { gate: "all", locked: "all" },
  "change the session": { gate: "all", locked: "partly" },
  "confuse the parser": { gate: "all", locked: "partly" },
  "exhaust resources": { gate: "all", locked: "partly" },
  "read settings and environment": { gate: "all", locked: "none" },
  "run SQL text": { gate: "all", locked: "none" },
  "read the catalog": { gate: "all", locked: "none" },
  "reach a withheld table": { gate: "all", locked: "none" },
  "reach a withheld column": { gate: "all", locked: "none" },
  "use a masked column": { gate: "all", locked: "none" },
};
