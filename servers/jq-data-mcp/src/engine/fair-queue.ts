/** Waiting work, one owner's turn after another's, so that nobody's pile holds up the rest. */
export interface FairQueue<Item> {
  readonly size: number;
  sizeOf(owner: string): number;
  push(owner: string, item: Item): void;
  /** The next item of an owner who may start now; undefined when there is none. */
  next(mayStart: (owner: string) => boolean): Item | undefined;
  remove(owner: string, item: Item): boolean;
  drain(): Item[];
}

export function createFairQueue<Item>(): FairQueue<Item> {
  // Insertion order is the order of turns.
  const owners = new Map<string, Item[]>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    sizeOf: (owner) => owners.get(owner)?.length ?? 0,
    push(owner, item) {
      const own = owners.get(owner);
      if (own === undefined) owners.set(owner, [item]);
      else own.push(item);
      size += 1;
    },
    next(mayStart) {
      for (const [owner, items] of owners) {
        if (!mayStart(owner)) continue;
        const item = items.shift();
        owners.delete(owner);
        if (items.length > 0) owners.set(owner, items);
        size -= 1;
        return item;
      }
      return undefined;
    },
    remove(owner, item) {
      const items = owners.get(owner);
      const at = items?.indexOf(item) ?? -1;
      if (items === undefined || at < 0) return false;
      items.splice(at, 1);
      if (items.length === 0) owners.delete(owner);
      size -= 1;
      return true;
    },
    drain() {
      const all = [...owners.values()].flat();
      owners.clear();
      size = 0;
      return all;
    },
  };
}
