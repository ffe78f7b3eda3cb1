/** Warnings of one kind shown at most. */
const shown = 20;

/** The first ones and a count of the rest. */
export function bounded(warnings: readonly string[], max: number = shown): readonly string[] {
  if (warnings.length <= max) return warnings;
  return [...warnings.slice(0, max), `… and ${warnings.length - max} more of this kind.`];
}

/** A name out of a file or table, safe inside a sentence: quoted, on one line, cut at 80 characters. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 79)}…` : name);
}
