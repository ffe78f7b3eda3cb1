import type { Hit } from "./scoring.ts";

export interface Top {
  /** Best first. */
  readonly hits: readonly Hit[];
  add(hit: Hit): void;
  /** A hit below it would not stay. */
  floor(): number;
}

/** Keeps the best `limit` hits; the lower document number settles a tie. */
export function createTop(limit: number): Top {
  const hits: Hit[] = [];
  return {
    hits,
    add(hit) {
      let [low, high] = [0, hits.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        const other = hits[middle];
        if (other !== undefined && isBefore(other, hit)) low = middle + 1;
        else high = middle;
      }
      if (low >= limit) return;
      hits.splice(low, 0, hit);
      if (hits.length > limit) hits.pop();
    },
    floor: () =>
      hits.length < limit ? Number.NEGATIVE_INFINITY : (hits.at(-1)?.score ?? Number.POSITIVE_INFINITY),
  };
}

function isBefore(a: Hit, b: Hit): boolean {
  return a.score > b.score || (a.score === b.score && a.document < b.document);
}
