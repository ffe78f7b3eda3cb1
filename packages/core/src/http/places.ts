/** A limited number of places, of which one key may take only a part. */
export interface Places {
  readonly taken: number;
  /** Undefined when there is no room; otherwise the way to give the place back, safe to call twice. */
  take(key: string): (() => void) | undefined;
}

export function createPlaces(total: number, perKey: number): Places {
  const byKey = new Map<string, number>();
  let taken = 0;
  return {
    get taken() {
      return taken;
    },
    take(key) {
      const own = byKey.get(key) ?? 0;
      if (taken >= total || own >= perKey) return undefined;
      taken += 1;
      byKey.set(key, own + 1);
      let given = false;
      return () => {
        if (given) return;
        given = true;
        taken -= 1;
        const left = (byKey.get(key) ?? 1) - 1;
        if (left === 0) byKey.delete(key);
        else byKey.set(key, left);
      };
    },
  };
}
