import { linkTargets } from "./anchors.mjs";

/**
 * Rows of a traceability page that prove nothing: the last cell of each table row must link a test or,
 * for a figure, the suite that measures it, or say "Replaced:" or "Planned:" with a reason.
 */
export function unprovenRows(markdown) {
  const lines = markdown.split("\n");
  return lines.filter(
    (line, i) =>
      line.startsWith("|") &&
      !isRule(line) &&
      !isRule(lines[i + 1] ?? "") &&
      !isProven(cells(line).at(-1) ?? ""),
  );
}

function isProven(cell) {
  if (/^(?:Replaced|Planned): \S/.test(cell)) return true;
  const proof = /\.test\.(?:ts|mjs)(?:#|$)|\/benchmarks\/src\/suites\/[\w-]+\.ts$/;
  return linkTargets(cell).some((target) => proof.test(target));
}

function isRule(line) {
  return /^\|[\s:|-]+\|$/.test(line);
}

function cells(line) {
  return line
    .slice(1, line.lastIndexOf("|"))
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}
