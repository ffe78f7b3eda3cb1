import { places, placeWeight, saturate } from "./places.ts";
import type { WordIndex } from "./word-index.ts";

export interface Hit {
  readonly document: number;
  /** Not capped; 1 is a name of exactly the words asked for. */
  readonly score: number;
  /** Bits of `places`. */
  readonly where: number;
}

export interface Layout {
  /** Documents below this number are tables, the others columns. */
  readonly tables: number;
  /** The table a document is or belongs to. */
  tableOf(document: number): number;
  /** Factor on a document's score. */
  prior(document: number): number;
}

/** Words of a column's question its table answers count this much. */
const context = 0.6;
const nameBit = 1 << places.findIndex((place) => place.name === "name");
const synonymBit = 1 << places.findIndex((place) => place.name === "synonym");

/** Fills `keep` with every document that fits at least one word. */
export type Scoring = (words: readonly string[], keep: (hit: Hit) => void, floor: () => number) => void;

/**
 * BM25 over weighted places, summed over words by how telling they are; hits below `floor()` are left out.
 * The memory it needs is kept between calls.
 */
export function createScoring(index: WordIndex, { tables, tableOf, prior }: Layout): Scoring {
  const total = new Float64Array(index.size);
  const best = new Float64Array(index.size);
  const where = new Uint16Array(index.size);
  const answered = new Uint16Array(index.size);
  const named = new Map<number, number[]>();

  return (words, keep, floor) => {
    const touched: number[] = [];
    const perfect = saturate(placeWeight(0, words.length));
    let ideal = 0;
    named.clear();
    words.forEach((word, at) => {
      const documents = matchWord(word);
      const telling = Math.log(1 + (index.size - documents.length + 0.5) / (documents.length + 0.5));
      ideal += telling * perfect;
      for (const document of documents) {
        if (answered[document] === 0) touched.push(document);
        const gain = telling * (best[document] ?? 0);
        total[document] = (total[document] ?? 0) + gain;
        answered[document] = (answered[document] ?? 0) | (1 << at);
        best[document] = 0;
        if (document < tables && ((where[document] ?? 0) & (nameBit | synonymBit)) !== 0) {
          const gains = named.get(document) ?? [];
          gains[at] = gain;
          named.set(document, gains);
        }
      }
    });
    const whole = new Set(index.joined.get(words.join("")) ?? []);
    for (const document of whole) if (answered[document] === 0) touched.push(document);
    for (const document of touched) {
      const isWhole = whole.has(document);
      const points = score(document, words.length, ideal, isWhole);
      if (points >= floor()) {
        keep({ document, score: points, where: (where[document] ?? 0) | (isWhole ? nameBit : 0) });
      }
      total[document] = 0;
      where[document] = 0;
      answered[document] = 0;
    }
  };

  /** Leaves the best weight of each document in `best`. */
  function matchWord(word: string): readonly number[] {
    const documents: number[] = [];
    for (const { term, quality } of index.vocabulary(word)) {
      const list = index.postings[term];
      if (list === undefined) continue;
      for (let at = 0; at < list.documents.length; at++) {
        const document = list.documents[at] ?? 0;
        const weight = quality * (list.weights[at] ?? 0);
        const before = best[document] ?? 0;
        if (before === 0) documents.push(document);
        if (weight > before) best[document] = weight;
        where[document] = (where[document] ?? 0) | (list.where[at] ?? 0);
      }
    }
    return documents;
  }

  function score(document: number, words: number, ideal: number, isWhole: boolean): number {
    const own = (total[document] ?? 0) + (document < tables ? 0 : contextOf(document, words));
    const raw = ideal === 0 ? 0 : own / ideal;
    return (isWhole ? Math.max(raw, 1) * 1.2 : raw) * prior(document);
  }

  function contextOf(document: number, words: number): number {
    const gains = named.get(tableOf(document));
    if (gains === undefined) return 0;
    let sum = 0;
    for (let at = 0; at < words; at++) {
      if (((answered[document] ?? 0) & (1 << at)) === 0) sum += gains[at] ?? 0;
    }
    return context * sum;
  }
}
