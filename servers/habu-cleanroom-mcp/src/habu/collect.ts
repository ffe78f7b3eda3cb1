/** Runs tasks four at a time, in order of the items; one that fails fails all. */
export async function collect<T, R>(
  items: readonly T[],
  task: (item: T) => Promise<R>,
  width = 4,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const at = next;
      next += 1;
      results[at] = await task(items[at] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
