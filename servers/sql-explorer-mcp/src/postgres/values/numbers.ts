/** A number when a double holds exactly this decimal value, otherwise the server's text. */
export function exactNumber(text: string): number | string {
  const digits = /^-?0*(\d*)(?:\.(\d*?)0*)?$/.exec(text);
  if (digits === null) return text;
  const [, whole = "", fraction = ""] = digits;
  // Fifteen significant digits survive the way to a double and back.
  if (fraction === "" && whole.length <= 16) {
    const value = Number(text);
    return Number.isSafeInteger(value) ? value : text;
  }
  const significant = whole === "" ? fraction.replace(/^0+/, "") : whole + fraction;
  return significant.length <= 15 && fraction.length <= 300 ? Number(text) : text;
}

/** NaN and the infinities have no JSON number; their names are kept. */
export function floatNumber(text: string): number | string {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

const longNumber = /\d{16}|[eE][+-]?\d/;

/** Parsed JSON in which numbers that a double would change are strings. */
export function exactJson(text: string): unknown {
  return JSON.parse(longNumber.test(text) ? quoteUnsafeNumbers(text) : text);
}

function quoteUnsafeNumbers(text: string): string {
  const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
  return text.replace(tokens, (token) => (token.startsWith('"') || isExact(token) ? token : `"${token}"`));
}

function isExact(token: string): boolean {
  const [mantissa = "", exponent] = token.split(/[eE]/);
  if (exponent === undefined) return typeof exactNumber(token) === "number";
  const digits = mantissa.replace(/[-.]/g, "").replace(/^0+|0+$/g, "");
  return Number.isFinite(Number(token)) && digits.length <= 15;
}
