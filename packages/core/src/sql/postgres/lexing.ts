import { reject } from "../reject.ts";
import type { Rejected } from "../verdict.ts";

/** Characters of operators and commas a text may hold, in comments and strings too: each can become a node of the tree. */
const maxSigns = 20_000;
/** Character steps the scanner may spend on long runs of operator characters. */
const maxSteps = 3_000_000;

const isSign = new Uint8Array(128);
for (const sign of "~!@#^&|`?+-*/%<>=") isSign[sign.charCodeAt(0)] = 1;

/** Refuses what would keep the server's scanner busy: it is quadratic in a run of operator characters, comments included. */
export function checkSigns(sql: string): Rejected | undefined {
  let signs = 0;
  let commas = 0;
  let run = 0;
  let steps = 0;
  for (let index = 0; index < sql.length; index++) {
    const code = sql.charCodeAt(index);
    if (code < 128 && isSign[code] === 1) {
      signs++;
      // The sum over a run is half its square.
      steps += run++;
    } else {
      run = 0;
      if (code === 44) commas++;
    }
  }
  if (commas > maxSigns) {
    return reject(
      "too_large",
      `The statement lists too many values (${commas} commas; at most ${maxSigns}).`,
      "Pass the values as one array parameter: column = ANY ($1).",
    );
  }
  if (signs <= maxSigns && steps <= maxSteps) return undefined;
  return reject(
    "too_large",
    `The statement holds ${signs} operator characters, or too long a run of them (at most ${maxSigns} in all).`,
    "Shorten rulers in comments, repeated signs and chains of operators.",
  );
}
