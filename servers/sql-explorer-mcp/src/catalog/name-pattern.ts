import { matchesGlob } from "@mcp-data/core";

/** Case-insensitive; without a wildcard the pattern may stand anywhere in the name. */
export function nameTest(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined || pattern === "") return () => true;
  const folded = pattern.toLowerCase();
  const glob = /[*?]/.test(folded) ? folded : `*${folded}*`;
  return (name) => matchesGlob(glob, name.toLowerCase());
}
