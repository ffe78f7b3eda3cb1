/**
 * The SELECT of a view's text as the engine prints it: `CREATE [TEMPORARY] VIEW name[ (columns)] AS SELECT …;`.
 * Before the first bare AS there are only words, quoted names, dots, commas and parentheses.
 */
export function viewBody(created: string): string | undefined {
  const token = /\s*("(?:[^"]|"")*"|[A-Za-z_\u0080-\uffff][\w\u0080-\uffff$]*|[.,()]|\d+)/uy;
  const words: string[] = [];
  for (let match = token.exec(created); match !== null; match = token.exec(created)) {
    const word = match[1] ?? "";
    if (word.toUpperCase() === "AS" && words.length >= 3) {
      const isView =
        words[0]?.toUpperCase() === "CREATE" && words.some((each) => each.toUpperCase() === "VIEW");
      return isView ? created.slice(token.lastIndex).trim().replace(/;$/, "") : undefined;
    }
    words.push(word);
  }
  return undefined;
}
