import { dice, editDistance, forgiven, trigrams } from "./similarity.ts";
import { stem } from "./split-words.ts";

const shown = 5;
const maxName = 200;
/** Below it two names only happen to share letters. */
const threshold = 0.4;

/**
 * At most five candidates a mistyped name may stand for, best first: other letter case, then other word separation
 * or number, then names that contain it, then near spellings. Ties go by name; empty when nothing is near.
 */
export function suggest(name: string, candidates: readonly string[]): readonly string[] {
  const wanted = prepare(name.slice(0, maxName));
  if (wanted.lower === "") return [];
  const scored: { readonly candidate: string; readonly score: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const score = likeness(wanted, candidate);
    if (score >= threshold) scored.push({ candidate, score });
  }
  scored.sort((a, b) => b.score - a.score || (a.candidate < b.candidate ? -1 : 1));
  return scored.slice(0, shown).map((entry) => entry.candidate);
}

interface Wanted {
  readonly lower: string;
  readonly joined: string;
  readonly grams: ReadonlySet<string>;
}

function prepare(name: string): Wanted {
  const lower = name.trim().toLowerCase();
  return { lower, joined: squeeze(lower), grams: trigrams(lower) };
}

/** 3 for the same name in another case, 2 for the same words, otherwise below 2. */
function likeness(wanted: Wanted, candidate: string): number {
  const lower = candidate.slice(0, maxName).toLowerCase();
  if (lower === wanted.lower) return 3;
  if (wanted.joined !== "" && squeeze(lower) === wanted.joined) return 2;
  const similar = dice(wanted.grams, lower);
  if (wanted.lower.length >= 3 && lower.includes(wanted.lower)) return 1 + similar;
  if (lower.length >= 3 && wanted.lower.includes(lower)) return 0.5 + similar / 2;
  const allowed = Math.max(1, forgiven(wanted.lower.length));
  const distance = editDistance(wanted.lower, lower, allowed);
  if (distance <= allowed && wanted.lower.length > 2) return 1 - distance / (wanted.lower.length + 1);
  return similar;
}

/** Letters and digits alone, in the singular. */
function squeeze(lower: string): string {
  return stem(lower.replace(/[^\p{L}\p{N}]+/gu, ""));
}
