/** Differing lines compared with each other; above it the old ones are listed, then the new ones. */
const maxCompared = 600;

/** A unified listing: lines that go with -, lines that come with +, the rest with a blank. */
export function diffLines(before: string, after: string): string {
  const [old, current] = [linesOf(before), linesOf(after)];
  const most = Math.min(old.length, current.length);
  let start = 0;
  while (start < most && old[start] === current[start]) start += 1;
  let end = 0;
  while (end < most - start && old.at(-1 - end) === current.at(-1 - end)) end += 1;
  const same = (lines: readonly string[]) => lines.map((line) => ` ${line}`);
  return [
    ...same(old.slice(0, start)),
    ...compared(old.slice(start, old.length - end), current.slice(start, current.length - end)),
    ...same(old.slice(old.length - end)),
  ].join("\n");
}

/** The beginning in whole lines, so long as JSON, and how much is missing. */
export function cutDiff(diff: string, maxChars: number, where: string): string {
  if (JSON.stringify(diff).length <= maxChars) return diff;
  const lines = linesOf(diff);
  const shown: string[] = [];
  for (let used = 0; ; ) {
    const line = lines[shown.length] ?? "";
    used += JSON.stringify(line).length;
    if (used > maxChars) break;
    shown.push(line);
  }
  const left = lines.length - shown.length;
  // A line longer than all there is room for.
  if (shown.length === 0) shown.push((lines[0] ?? "").slice(0, maxChars / 6));
  return `${shown.join("\n")}\n… ${left} more ${left === 1 ? "line" : "lines"}, not shown here: ${where}`;
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.split("\n");
}

function compared(a: readonly string[], b: readonly string[]): string[] {
  if (a.length > maxCompared || b.length > maxCompared)
    return [...a.map((line) => `-${line}`), ...b.map((line) => `+${line}`)];
  // Longest common subsequence, from the ends.
  const width = b.length + 1;
  const best = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      best[i * width + j] =
        a[i] === b[j]
          ? (best[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(best[(i + 1) * width + j] ?? 0, best[i * width + j + 1] ?? 0);
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(` ${a[i]}`);
      i += 1;
      j += 1;
    } else if (
      j >= b.length ||
      (i < a.length && (best[(i + 1) * width + j] ?? 0) >= (best[i * width + j + 1] ?? 0))
    ) {
      lines.push(`-${a[i]}`);
      i += 1;
    } else {
      lines.push(`+${b[j]}`);
      j += 1;
    }
  }
  return lines;
}
