/** Whether a name fits a pattern in which `*` is any run of characters and `?` any one. Linear in practice: one backtrack point. */
export function matchesGlob(pattern: string, name: string): boolean {
  let p = 0;
  let n = 0;
  let star = -1;
  let resume = 0;
  while (n < name.length) {
    if (pattern[p] === "*") {
      star = p++;
      resume = n;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === name[n])) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

type NameTest = (name: string) => boolean;

/** Tells whether a relation fits. */
export type TableTest = (schema: string, name: string) => boolean;

/**
 * `schema.table`, `schema.*`, or a bare `table` (any schema). A part in double quotes is literal, dots and wildcards included.
 * `fold` brings names to the form they are compared in; the default compares them as they are.
 */
export function tableTest(pattern: string, fold: (name: string) => string = same): TableTest {
  const parts = splitPattern(pattern).map((part) => nameTest(part, fold));
  const [first, second] = parts;
  if (first === undefined || parts.length > 2) {
    throw new RangeError(`table pattern ${JSON.stringify(pattern)} must be schema.table or table`);
  }
  if (second === undefined) return (_schema, name) => first(fold(name));
  return (schema, name) => first(fold(schema)) && second(fold(name));
}

/** One name or glob, quoted or not. */
export function columnTest(pattern: string, fold: (name: string) => string = same): NameTest {
  const test = nameTest(quotedWhole(pattern) ? unquote(pattern) : { text: pattern, literal: false }, fold);
  return (name) => test(fold(name));
}

interface PatternPart {
  readonly text: string;
  readonly literal: boolean;
}

function nameTest(part: PatternPart, fold: (name: string) => string): NameTest {
  const text = fold(part.text);
  if (part.literal || !/[*?]/.test(text)) return (name) => name === text;
  return (name) => matchesGlob(text, name);
}

function splitPattern(pattern: string): PatternPart[] {
  const parts: PatternPart[] = [];
  for (const [raw] of pattern.matchAll(/"(?:[^"]|"")*"|[^".]+/g)) {
    parts.push(quotedWhole(raw) ? unquote(raw) : { text: raw, literal: false });
  }
  const written = parts.map((part) => (part.literal ? quote(part.text) : part.text)).join(".");
  if (written !== pattern) {
    throw new RangeError(`table pattern ${JSON.stringify(pattern)} must be schema.table or table`);
  }
  return parts;
}

function quotedWhole(text: string): boolean {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"');
}

function unquote(text: string): PatternPart {
  return { text: text.slice(1, -1).replaceAll('""', '"'), literal: true };
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function same(name: string): string {
  return name;
}
