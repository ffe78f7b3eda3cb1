export type ArrayItem<T> = T | null | readonly ArrayItem<T>[];

/** The server's array text `{1,NULL,"a b"}` as nested JSON arrays. Throws SyntaxError on anything else. */
export function parseArray<T>(
  text: string,
  delimiter: string,
  item: (text: string) => T,
): readonly ArrayItem<T>[] {
  // Bounds other than 1 are written in front: [0:2]={…}
  let at = text.startsWith("[") ? text.indexOf("=") + 1 : 0;
  const stack: ArrayItem<T>[][] = [];
  let root: readonly ArrayItem<T>[] | undefined;
  const add = (value: ArrayItem<T>) => {
    const top = stack.at(-1);
    if (top === undefined) throw new SyntaxError("value outside of the array");
    top.push(value);
  };
  while (at < text.length) {
    const char = text[at];
    if (root !== undefined) throw new SyntaxError("text after the array");
    if (char === "{") {
      const inner: ArrayItem<T>[] = [];
      if (stack.length > 0) add(inner);
      stack.push(inner);
      at += 1;
    } else if (char === "}") {
      const closed = stack.pop();
      if (closed === undefined) throw new SyntaxError("unbalanced array");
      if (stack.length === 0) root = closed;
      at += 1;
    } else if (char === delimiter) {
      at += 1;
    } else if (char === '"') {
      const [value, next] = quoted(text, at + 1);
      add(item(value));
      at = next;
    } else {
      const next = endOfBare(text, at, delimiter);
      const bare = text.slice(at, next);
      add(bare === "NULL" ? null : item(unescaped(bare)));
      at = next;
    }
  }
  if (root === undefined) throw new SyntaxError("unfinished array");
  return root;
}

function quoted(text: string, from: number): [string, number] {
  let at = from;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  if (at >= text.length) throw new SyntaxError("unfinished string in an array");
  return [unescaped(text.slice(from, at)), at + 1];
}

function endOfBare(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length && text[at] !== delimiter && text[at] !== "}" && text[at] !== "{") {
    at += text[at] === "\\" ? 2 : 1;
  }
  return Math.min(at, text.length);
}

function unescaped(text: string): string {
  return text.includes("\\") ? text.replace(/\\(.)/gs, "$1") : text;
}

/** The text form the server reads back; elements are quoted always. */
export function formatArray(values: readonly unknown[], text: (value: unknown) => string | null): string {
  const items = values.map((value) => {
    if (Array.isArray(value)) return formatArray(value, text);
    const item = text(value);
    return item === null ? "NULL" : `"${item.replace(/["\\]/g, "\\$&")}"`;
  });
  return `{${items.join(",")}}`;
}
