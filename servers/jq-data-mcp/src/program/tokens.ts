export type TokenKind =
  | "word"
  | "field"
  | "key"
  | "variable"
  | "format"
  | "string"
  | "number"
  | "sign"
  | "comment"
  | "template";

export interface Token {
  readonly kind: TokenKind;
  /** As written; of a string one literal piece, without quotes. */
  readonly text: string;
  /** Offset in the program. */
  readonly at: number;
  readonly end: number;
  /** Open brackets around it, interpolations included. */
  readonly depth: number;
  /** For templates: a bare one, one among other text of a string, or a whole string literal. */
  readonly place?: "bare" | "inside" | "whole";
}

export interface Tokens {
  readonly tokens: readonly Token[];
  /** Where a string or bracket was never closed, or closed though never opened. */
  readonly problem?: { readonly at: number; readonly message: string };
}

const longSign = /\?\/\/=?|\/\/=|[|+\-*/%=!<>]=|\/\/|\.\./y;
const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** jq's words with strings, interpolation and comments told apart; the engine stays the judge of syntax. */
export function tokenize(program: string): Tokens {
  const tokens: Token[] = [];
  // Open brackets; a quote marks the string an interpolation belongs to.
  const stack: string[] = [];
  let at = 0;

  const add = (kind: TokenKind, from: number, end: number, more: Partial<Token> = {}) => {
    tokens.push({ kind, text: program.slice(from, end), at: from, end, depth: stack.length, ...more });
    at = end;
  };
  const previous = () => tokens.findLast((token) => token.kind !== "comment");

  /** From inside a string up to its end or its next interpolation. False when it never ends. */
  function readString(from: number): boolean {
    let piece = from;
    const flush = (end: number) => {
      if (end > piece) add("string", piece, end);
    };
    let here = from;
    while (here < program.length) {
      const char = program[here];
      if (char === "\\" && program[here + 1] === "(") {
        flush(here);
        stack.push('"', "(");
        at = here + 2;
        return true;
      }
      if (char === "\\") here += 2;
      else if (char === '"') {
        flush(here);
        at = here + 1;
        return true;
      } else if (char === "$" && program[here + 1] === "{") {
        const close = program.indexOf("}", here);
        if (close < 0) return false;
        flush(here);
        const whole = program[here - 1] === '"' && here === from && program[close + 1] === '"';
        add("template", here, close + 1, { place: whole ? "whole" : "inside" });
        here = close + 1;
        piece = here;
      } else here += 1;
    }
    return false;
  }

  while (at < program.length) {
    const char = program[at] as string;
    if (/\s/.test(char)) at += 1;
    else if (char === "#") {
      // An odd number of backslashes carries a comment over the line's end.
      const match = /^#(?:[^\\\n\r]|\\(?:\r\n|[\s\S])|\r(?!\n))*/.exec(program.slice(at));
      add("comment", at, at + (match?.[0].length ?? 1));
    } else if (char === '"') {
      const from = at;
      if (!readString(at + 1)) return { tokens, problem: { at: from, message: "a string is never closed" } };
      if (tokens.at(-1)?.end !== at - 1 || program[from + 1] === '"') {
        // An empty literal still stands for a value.
        if (program[from + 1] === '"')
          tokens.push({ kind: "string", text: "", at: from, end: at, depth: stack.length });
      }
    } else if (program.startsWith("${", at)) {
      const close = program.indexOf("}", at);
      if (close < 0) return { tokens, problem: { at, message: "a ${ is never closed" } };
      add("template", at, close + 1, { place: "bare" });
    } else if (char === "$" && /[A-Za-z_]/.test(program[at + 1] ?? "")) {
      const match = /^\$[A-Za-z_]\w*(?:::\w+)*/.exec(program.slice(at)) as RegExpExecArray;
      add("variable", at, at + match[0].length);
    } else if (char === "@" && /\w/.test(program[at + 1] ?? "")) {
      const match = /^@\w+/.exec(program.slice(at)) as RegExpExecArray;
      add("format", at, at + match[0].length);
    } else if (/[A-Za-z_]/.test(char)) {
      const match = /^[A-Za-z_]\w*(?:::\w+)*/.exec(program.slice(at)) as RegExpExecArray;
      const before = previous();
      const isField = before?.kind === "sign" && before.text === "." && before.end === at;
      const isKey =
        stack.at(-1) === "{" && before?.kind === "sign" && (before.text === "{" || before.text === ",");
      add(isField ? "field" : isKey ? "key" : "word", at, at + match[0].length);
    } else if (/[0-9]/.test(char)) {
      const match = /^\d+(?:\.\d*)?(?:[eE][+-]?\d+)?/.exec(program.slice(at)) as RegExpExecArray;
      add("number", at, at + match[0].length);
    } else if (char in closers) {
      add("sign", at, at + 1);
      stack.push(char);
    } else if (/[)\]}]/.test(char)) {
      const open = stack.pop();
      if (open === undefined || closers[open] !== char) {
        return { tokens, problem: { at, message: `${char} closes nothing` } };
      }
      const inString = stack.at(-1) === '"';
      if (inString) {
        stack.pop();
        const from = at;
        if (!readString(at + 1))
          return { tokens, problem: { at: from, message: "a string is never closed" } };
      } else add("sign", at, at + 1);
    } else {
      longSign.lastIndex = at;
      const sign = longSign.exec(program)?.[0] ?? char;
      add("sign", at, at + sign.length);
    }
  }
  const open = stack.at(-1);
  return open === undefined
    ? { tokens }
    : { tokens, problem: { at: program.length, message: `${open} is never closed` } };
}

/** `line 3, column 7` of an offset, both from 1. */
export function placeOf(program: string, at: number): { line: number; column: number } {
  const before = program.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
