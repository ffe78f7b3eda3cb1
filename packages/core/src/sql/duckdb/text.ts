/** Comment openers in one text; the engine's lexer needs quadratic time for those that are never closed. */
const maxCommentOpeners = 256;

export function hasTooManyComments(sql: string): boolean {
  let count = 0;
  for (let at = sql.indexOf("/*"); at >= 0; at = sql.indexOf("/*", at + 2))
    if (++count > maxCommentOpeners) return true;
  return false;
}

/** The text up to its last semicolon outside strings and comments, when nothing but blanks and comments follows. */
export function withoutTrailingSemicolon(sql: string): string {
  const token =
    /[eE]'(?:[^'\\]|\\[\s\S]|'')*'|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n\r]*|\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|\/\*|;|\s+|[\s\S]/uy;
  let first = -1;
  while (token.lastIndex < sql.length) {
    const at = token.lastIndex;
    const [part = ""] = token.exec(sql) ?? [];
    if (part === "") break;
    if (part === "/*") {
      token.lastIndex = commentEnd(sql, at);
    } else if (part.startsWith("$") && part.length > 1) {
      const end = sql.indexOf(part, token.lastIndex);
      token.lastIndex = end < 0 ? sql.length : end + part.length;
      first = -1;
    } else if (part === "'" || part === '"') {
      return sql;
    } else if (part === ";") {
      if (first < 0) first = at;
    } else if (!part.startsWith("--") && part.trim() !== "") {
      first = -1;
    }
  }
  return first < 0 ? sql : sql.slice(0, first);
}

function commentEnd(sql: string, from: number): number {
  let depth = 0;
  const edge = /\/\*|\*\//g;
  edge.lastIndex = from;
  for (let match = edge.exec(sql); match !== null; match = edge.exec(sql)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return sql.length;
}
