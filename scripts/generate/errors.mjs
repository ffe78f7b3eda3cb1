import { table } from "./markdown.mjs";

const retryWords = {
  no: "no",
  after_change: "after changing the call",
  later: "yes, after a wait",
};

export function errorReference(errorCodes) {
  const rows = Object.entries(errorCodes).map(([code, { meaning, retry, status }]) => [
    `\`${code}\``,
    meaning,
    retryWords[retry],
    status,
  ]);
  return [
    "# Error codes",
    "Generated from core's table by `npm run generate`. A failed call carries one of these in `error.code`; finer words are in `error.details.reason`.",
    `${table(["Code", "Meaning", "Does calling again help?", "HTTP status"], rows)}\n`,
  ].join("\n\n");
}
