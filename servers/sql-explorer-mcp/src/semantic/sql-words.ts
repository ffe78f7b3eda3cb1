/** Words of a SQL expression that matter to references; comments, literals and numbers are dropped. */
export interface SqlToken {
  readonly kind: "word" | "quoted" | "sign";
  readonly text: string;
}

const patterns =
  /(?<skip>\s+|--[^\n]*|(?:[eE]'(?:[^'\\]|\\[\s\S]|'')*')|'(?:[^']|'')*'|\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$|\d[\w.]*)|"(?<quoted>(?:[^"]|"")*)"|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<sign>::|[^'"])/uy;

/** Undefined when a quote or a block comment is left open. Not a parser: it finds names, it judges nothing. */
export function sqlTokens(sql: string): readonly SqlToken[] | undefined {
  const tokens: SqlToken[] = [];
  for (let at = 0; at < sql.length; ) {
    const comment = sql.startsWith("/*", at) ? blockComment(sql, at) : undefined;
    if (comment !== undefined) {
      if (comment < 0) return undefined;
      at = comment;
      continue;
    }
    patterns.lastIndex = at;
    const groups = patterns.exec(sql)?.groups;
    if (groups === undefined) return undefined;
    at = patterns.lastIndex;
    const { quoted, word, sign } = groups;
    if (quoted !== undefined) tokens.push({ kind: "quoted", text: quoted.replaceAll('""', '"') });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
  }
  return tokens;
}

/** Position after a block comment, nested ones included; -1 when it does not end. */
function blockComment(sql: string, from: number): number {
  let depth = 0;
  for (let at = from; at < sql.length; ) {
    if (sql.startsWith("/*", at)) {
      depth++;
      at += 2;
    } else if (sql.startsWith("*/", at)) {
      depth--;
      at += 2;
      if (depth === 0) return at;
    } else at++;
  }
  return -1;
}
