import type { Text } from "./entries.ts";
import { splitWords, stem } from "./split-words.ts";

const length = 160;
const before = 40;

/** The part of the first text, names aside, that holds one of the terms; undefined when none does. */
export function snippet(texts: readonly Text[], terms: ReadonlySet<string>): string | undefined {
  for (const { place, text } of texts) {
    if (place === "name" || place === "schema") continue;
    const at = position(text, terms);
    if (at !== undefined) return cut(text, at);
  }
  return undefined;
}

function position(text: string, terms: ReadonlySet<string>): number | undefined {
  for (const match of text.slice(0, 2_000).matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    if (splitWords(match[0]).some((word) => terms.has(stem(word)))) return match.index;
  }
  return undefined;
}

function cut(text: string, at: number): string {
  let from = Math.max(0, at - before);
  if (from > 0) {
    const space = text.indexOf(" ", from);
    if (space >= 0 && space < at) from = space + 1;
  }
  const part = text.slice(from, from + length).replace(/\s+/g, " ");
  // Half a surrogate pair is no character.
  const clean = part.replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, "").trim();
  return `${from > 0 ? "…" : ""}${clean}${from + length < text.length ? "…" : ""}`;
}
