import type { Accepted } from "../../verdict.ts";
import type { Execution } from "./server.ts";

/** Values of the fixture nobody under its policy may see: denied columns, excluded tables, schemas out of reach. */
const sealed = /-sealed|4111-|top secret/;
const masked = /@hidden\.test/;

/** Protected values an accepted statement's answer shows outside the outputs the verdict asks to mask. */
export function leaks(
  { rows = [], fields = [] }: Execution,
  verdict: Pick<Accepted, "maskedOutputs">,
): string[] {
  const hidden = new Set(verdict.maskedOutputs ?? []);
  const found = new Set<string>();
  for (const row of rows) {
    row.forEach((cell, index) => {
      const text = typeof cell === "string" ? cell : (JSON.stringify(cell) ?? "");
      if (sealed.test(text)) found.add(text.slice(0, 80));
      if (masked.test(text) && !hidden.has(fields[index] ?? "")) found.add(text.slice(0, 80));
    });
  }
  return [...found];
}
