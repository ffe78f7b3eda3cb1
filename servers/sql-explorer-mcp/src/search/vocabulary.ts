import { dice, editDistance, forgiven, trigrams } from "./similarity.ts";
import { alternatives } from "./words.ts";

/** A term of the index that may stand for a word of the question. */
export interface Expansion {
  readonly term: number;
  /** 1 for the word itself, less for a likeness. */
  readonly quality: number;
}

export type Vocabulary = (word: string) => readonly Expansion[];

const maxExpansions = 24;
const maxCompared = 300;

/** `terms` are the index's words by number; `whole` gives the number of one. */
export function createVocabulary(terms: readonly string[], whole: ReadonlyMap<string, number>): Vocabulary {
  const sorted = terms.map((_, term) => term).sort((a, b) => order(terms[a] ?? "", terms[b] ?? ""));
  const windows = windowIndex(terms);
  return (word) => {
    const found = new Map<number, number>();
    const add = (term: number | undefined, quality: number) => {
      if (term !== undefined && quality > (found.get(term) ?? 0)) found.set(term, quality);
    };
    const exact = whole.get(word);
    add(exact, 1);
    for (const other of alternatives(word)) add(whole.get(other), 0.85);
    if (word.length >= 3) for (const [term, quality] of beginning(word, terms, sorted)) add(term, quality);
    if (exact === undefined && word.length >= 3) {
      for (const [term, quality] of shortened(word, whole)) add(term, quality);
      for (const [term, quality] of misspelt(word, terms, windows)) add(term, quality);
    }
    return [...found]
      .map(([term, quality]) => ({ term, quality }))
      .sort((a, b) => b.quality - a.quality || a.term - b.term)
      .slice(0, maxExpansions);
  };
}

type Scored = readonly [term: number, quality: number];

/** Terms that begin with the word: `cust` finds customer. */
function beginning(word: string, terms: readonly string[], sorted: readonly number[]): readonly Scored[] {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(terms[sorted[middle] ?? 0] ?? "", word) < 0) low = middle + 1;
    else high = middle;
  }
  const found: Scored[] = [];
  for (let at = low; at < sorted.length && found.length < maxCompared; at++) {
    const term = sorted[at] ?? 0;
    const text = terms[term] ?? "";
    if (!text.startsWith(word)) break;
    found.push([term, 0.8 * Math.sqrt(word.length / text.length)]);
  }
  return found;
}

/** Terms the word begins with: customer finds `custom`; at least half of it must be there. */
function shortened(word: string, whole: ReadonlyMap<string, number>): readonly Scored[] {
  const found: Scored[] = [];
  for (let length = Math.max(3, Math.ceil(word.length / 2)); length < word.length; length++) {
    const term = whole.get(word.slice(0, length));
    if (term !== undefined) found.push([term, (0.5 * length) / word.length]);
  }
  return found;
}

/** Near spellings, and terms that hold the word inside. */
function misspelt(
  word: string,
  terms: readonly string[],
  windows: ReadonlyMap<string, readonly number[]>,
): readonly Scored[] {
  const grams = trigrams(word);
  const shared = new Map<number, number>();
  for (const gram of grams) {
    for (const term of windows.get(gram) ?? []) shared.set(term, (shared.get(term) ?? 0) + 1);
  }
  const nearest = [...shared]
    .filter(([, count]) => count >= 2)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, maxCompared);
  const found: Scored[] = [];
  for (const [term] of nearest) {
    const text = terms[term] ?? "";
    const quality = likeness(word, grams, text);
    if (quality > 0) found.push([term, quality]);
  }
  return found;
}

function likeness(word: string, grams: ReadonlySet<string>, text: string): number {
  if (word.length >= 4 && text.includes(word)) return 0.6 * Math.sqrt(word.length / text.length);
  const allowed = forgiven(word.length);
  const distance = allowed === 0 ? 1 : editDistance(word, text, allowed);
  if (distance <= allowed) return 0.75 * (1 - distance / word.length);
  const similar = dice(grams, text);
  return similar >= 0.6 ? 0.6 * similar : 0;
}

function windowIndex(terms: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const windows = new Map<string, number[]>();
  terms.forEach((text, term) => {
    // Numbers have no spelling.
    if (/^\p{N}+$/u.test(text)) return;
    for (const gram of trigrams(text)) {
      const list = windows.get(gram);
      if (list === undefined) windows.set(gram, [term]);
      else list.push(term);
    }
  });
  return windows;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
