import { table } from "./markdown.mjs";

/** Within this factor two medians are a tie. */
const tie = 0.05;

/**
 * One table per result file: `{ title, date, machine, rows: [{ measure, unit, lower_is_better, ours,
 * others: { NAME: value }, goal? }] }`; values are medians.
 */
export function benchmarkSection(results) {
  if (results.length === 0) return "No results yet: `npm run bench` writes them.";
  return results.map(benchmarkTable).join("\n\n");
}

function benchmarkTable({ title, date, machine, rows }) {
  const peers = [...new Set(rows.flatMap((row) => Object.keys(row.others)))];
  const hasGoal = rows.some((row) => row.goal !== undefined);
  const body = rows.map((row) => [
    row.measure,
    amount(row.ours, row.unit),
    ...peers.map((peer) => (row.others[peer] === undefined ? "–" : amount(row.others[peer], row.unit))),
    peers
      .map((peer) => verdict(row, peer))
      .filter(Boolean)
      .join("; "),
    ...(hasGoal ? [row.goal ?? ""] : []),
  ]);
  const head = ["Measure", "Ours", ...peers, "Verdict", ...(hasGoal ? ["Goal"] : [])];
  return `**${title}** (${date}, ${machine})\n\n${table(head, body)}`;
}

/** "2.7× ahead of X", "1.3× behind X" or "tie with X". */
export function verdict({ ours, others, lower_is_better }, peer) {
  const theirs = others[peer];
  if (theirs === undefined || ours <= 0 || theirs <= 0) return "";
  const ratio = lower_is_better ? theirs / ours : ours / theirs;
  if (Math.abs(ratio - 1) <= tie) return `tie with ${peer}`;
  return ratio > 1 ? `${ratio.toFixed(1)}× ahead of ${peer}` : `${(1 / ratio).toFixed(1)}× behind ${peer}`;
}

function amount(value, unit) {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toLocaleString("en-US", { maximumFractionDigits: digits })} ${unit}`;
}
