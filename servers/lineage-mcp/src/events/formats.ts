import { fullFormats } from "ajv-formats/dist/formats.js";

export interface Formats {
  readonly "date-time": (text: string) => boolean;
  readonly uri: (text: string) => boolean;
}

/** The judges of the two slow formats, quick where the same was asked before; their verdicts are ajv's. */
export function createFormats(): Formats {
  return {
    "date-time": sameMinute(judge("date-time")),
    uri: remembered(judge("uri")),
  };
}

function judge(name: keyof Formats): (text: string) => boolean {
  const format: unknown = fullFormats[name];
  const validate = typeof format === "function" ? format : (format as { validate: unknown }).validate;
  return validate as (text: string) => boolean;
}

const longest = 400;

/** Of what was right once nothing is asked again. */
function remembered(judge: (text: string) => boolean, most = 1_000): (text: string) => boolean {
  const right = new Set<string>();
  return (text) => {
    if (right.has(text)) return true;
    if (!judge(text)) return false;
    if (text.length <= longest) {
      if (right.size >= most) right.clear();
      right.add(text);
    }
    return true;
  };
}

/** Times in UTC, one after another, mostly differ in nothing but their seconds. */
function sameMinute(judge: (text: string) => boolean): (text: string) => boolean {
  let minute = "?";
  return (text) => {
    if (text.startsWith(minute) && utcSeconds(text)) return true;
    if (!judge(text)) return false;
    // Up to the minute, and without a leap second, the rest decides nothing.
    if (utcSeconds(text)) minute = text.slice(0, 16);
    return true;
  };
}

const [zero, five, nine, colon, dot] = [48, 53, 57, 58, 46];

/** From the 16th character on: ":SS", a fraction perhaps, and the mark of UTC. */
function utcSeconds(text: string): boolean {
  const tens = text.charCodeAt(17);
  if (text.charCodeAt(16) !== colon || !(tens >= zero && tens <= five) || !isDigit(text.charCodeAt(18)))
    return false;
  let at = 19;
  if (text.charCodeAt(at) === dot) {
    at += 1;
    if (!isDigit(text.charCodeAt(at))) return false;
    while (isDigit(text.charCodeAt(at))) at += 1;
  }
  const left = text.length - at;
  return left === 1 ? text.endsWith("Z") : left === 6 && text.endsWith("+00:00");
}

function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}
