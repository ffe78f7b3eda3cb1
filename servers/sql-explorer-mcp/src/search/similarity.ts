/** Three-letter windows of a word with its ends marked; each once. */
export function trigrams(word: string): ReadonlySet<string> {
  const padded = `  ${word} `;
  const grams = new Set<string>();
  for (let at = 0; at + 3 <= padded.length; at++) grams.add(padded.slice(at, at + 3));
  return grams;
}

/** Shared trigrams of a word, given as its trigrams, and another; 0 (none) to 1 (all). */
export function dice(grams: ReadonlySet<string>, word: string): number {
  const padded = `  ${word} `;
  const windows = padded.length - 2;
  let shared = 0;
  for (let at = 0; at < windows; at++) if (grams.has(padded.slice(at, at + 3))) shared++;
  return Math.min(1, (2 * shared) / (grams.size + windows));
}

/** Insertions, deletions, replacements and swaps of neighbours between two words; `max + 1` when there are more. */
export function editDistance(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (previous[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least > max) return max + 1;
    before = previous;
    previous = row;
  }
  return Math.min(previous[b.length] ?? 0, max + 1);
}

/** Mistakes forgiven in a word of this length. */
export function forgiven(length: number): number {
  if (length < 4) return 0;
  return length < 8 ? 1 : 2;
}
