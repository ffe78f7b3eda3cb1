/**
 * How many ways an expression has to try, at most, on a text of this length; Infinity where nobody can say at a glance.
 * What is cheap for certain needs no watch, and a watch goes by a clock that a busy machine lets run out.
 */
export function patternSteps(pattern: string, length: number): number {
  let steps = pattern.startsWith("^") ? 1 : length + 1;
  let afterGroup = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] as string;
    if (char === "\\") {
      // A reference to what matched before.
      if (/[1-9k]/.test(pattern[at + 1] ?? "")) return Number.POSITIVE_INFINITY;
      at += 1;
    } else if (char === "[") {
      for (at += 1; at < pattern.length && pattern[at] !== "]"; at += 1) if (pattern[at] === "\\") at += 1;
    } else if (char === "|") steps *= 2;
    else if (char === "(") {
      // What follows a bracket belongs to it: (?:, (?=, (?<name>.
      if (pattern[at + 1] === "?") at += 1;
    } else if ("*+?{".includes(char)) {
      if (afterGroup) return Number.POSITIVE_INFINITY;
      const counted = /^\{(\d+)(,?)(\d*)\}/.exec(pattern.slice(at, at + 20));
      if (counted !== null) {
        const [whole, least = "", comma, most = ""] = counted;
        if (comma !== "") steps *= Math.min(length, most === "" ? length : Number(most) - Number(least)) + 1;
        at += whole.length - 1;
      } else steps *= char === "?" ? 2 : length + 1;
    }
    afterGroup = char === ")";
  }
  return steps;
}
