import type { Text } from "./entries.ts";
import { places, placeWeight, saturate } from "./places.ts";
import { createVocabulary, type Vocabulary } from "./vocabulary.ts";
import { createTokenizer } from "./words.ts";

/** Documents a term occurs in; the three lists run in parallel. */
export interface Postings {
  readonly documents: number[];
  /** What the occurrence is worth, 0 to 1. */
  readonly weights: number[];
  /** Bits of `places`. */
  readonly where: number[];
}

export interface WordIndex {
  readonly size: number;
  readonly terms: readonly string[];
  readonly postings: readonly Postings[];
  readonly vocabulary: Vocabulary;
  /** Documents by the words of their name written together: `orderitems` finds order_items. */
  readonly joined: ReadonlyMap<string, readonly number[]>;
}

const placeNumbers = new Map(places.map((place, at) => [place.name, at]));

/** Documents are numbered in the order they are given; their first text is their name. */
export function createWordIndex(documents: Iterable<readonly Text[]>): WordIndex {
  const tokenize = createTokenizer();
  const terms: string[] = [];
  const numbers = new Map<string, number>();
  const postings: Postings[] = [];
  const joined = new Map<string, number[]>();
  const found = new Map<number, { weight: number; where: number }>();
  let document = 0;
  for (const texts of documents) {
    found.clear();
    for (const { place, text } of texts) {
      const at = placeNumbers.get(place) ?? 0;
      const words = tokenize(text);
      const weight = placeWeight(at, words.length);
      for (const word of words) {
        let term = numbers.get(word);
        if (term === undefined) {
          term = terms.push(word) - 1;
          numbers.set(word, term);
          postings.push({ documents: [], weights: [], where: [] });
        }
        const entry = found.get(term);
        if (entry === undefined) found.set(term, { weight, where: 1 << at });
        else {
          entry.weight += weight;
          entry.where |= 1 << at;
        }
      }
    }
    for (const [term, { weight, where }] of found) {
      const list = postings[term];
      list?.documents.push(document);
      list?.weights.push(saturate(weight));
      list?.where.push(where);
    }
    const name = tokenize(texts[0]?.text ?? "").join("");
    const same = joined.get(name);
    if (same === undefined) joined.set(name, [document]);
    else same.push(document);
    document++;
  }
  return { size: document, terms, postings, vocabulary: createVocabulary(terms, numbers), joined };
}
