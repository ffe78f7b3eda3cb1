export interface Smallest<Value> {
  add(key: string, value: Value): void;
  /** In order. */
  taken(): readonly { readonly key: string; readonly value: Value }[];
}

/** So many of the smallest keys behind `after`, however many are added. */
export function createSmallest<Value>(most: number, after?: string): Smallest<Value> {
  const kept: { key: string; value: Value }[] = [];
  return {
    add(key, value) {
      if (after !== undefined && key <= after) return;
      if (kept.length >= most && key >= (kept.at(-1)?.key ?? "")) return;
      let from = 0;
      for (let to = kept.length; from < to; ) {
        const middle = (from + to) >> 1;
        if ((kept[middle]?.key ?? "") < key) from = middle + 1;
        else to = middle;
      }
      kept.splice(from, 0, { key, value });
      if (kept.length > most) kept.pop();
    },
    taken: () => kept,
  };
}
