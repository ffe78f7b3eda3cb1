/** Names for a message: at most `max` of them, each clipped, and how many were left out. */
export function listNames(names: Iterable<string>, max = 20): string {
  const all = [...names];
  if (all.length === 0) return "none";
  const shown = all.slice(0, max).map((name) => clipName(name));
  return all.length > max ? `${shown.join(", ")} and ${all.length - max} more` : shown.join(", ");
}

/** A name from the caller's own text, safe to repeat in a message: one line, at most 80 characters. */
export function clipName(name: string, max = 80): string {
  const line = name.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}
