import { reject } from "./reject.ts";
import type { Rejected } from "./verdict.ts";

/** What must hold of a text before any parser sees it: its size, no NUL, well-formed Unicode. */
export function checkText(sql: string, maxBytes: number): Rejected | undefined {
  const bytes = Buffer.byteLength(sql, "utf8");
  if (bytes > maxBytes) {
    return reject(
      "too_large",
      `The statement has ${bytes} bytes; at most ${maxBytes} are accepted.`,
      "Pass long lists of values as a parameter, or filter with a subquery instead of a list.",
      { bytes, max_bytes: maxBytes },
    );
  }
  if (sql.includes("\0")) {
    return reject(
      "parse_error",
      "The statement contains a NUL character.",
      "Remove it and send the statement again.",
    );
  }
  if (/\p{Surrogate}/u.test(sql)) {
    return reject(
      "parse_error",
      "The statement contains half of a surrogate pair, which is not valid Unicode.",
      "Send the character whole, or write it as an escape of the SQL dialect.",
    );
  }
  return undefined;
}
