/** The known words nearest to a typed one, nearest first. */
export function nearest(typed: string, known: readonly string[], limit = 5): string[] {
  const wanted = typed.toLowerCase().slice(0, 100);
  return known
    .map((word) => ({ word, far: distance(wanted, word.toLowerCase().slice(0, 100)) }))
    .filter(({ word, far }) => far <= Math.max(2, wanted.length / 2) || word.toLowerCase().includes(wanted))
    .sort((a, b) => a.far - b.far || a.word.localeCompare(b.word))
    .slice(0, limit)
    .map(({ word }) => word);
}

/** Edits between two words (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
