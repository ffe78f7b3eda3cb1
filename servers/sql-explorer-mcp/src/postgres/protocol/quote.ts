/** A name exactly as the server stores it. */
export function quoteName(name: string): string {
  if (name.includes("\0") || name === "") throw new RangeError("not a PostgreSQL name");
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string constant; independent of standard_conforming_strings. */
export function quoteText(text: string): string {
  if (text.includes("\0")) throw new RangeError("SQL text must not contain a NUL character");
  const doubled = text.replaceAll("'", "''");
  return text.includes("\\") ? ` E'${doubled.replaceAll("\\", "\\\\")}'` : `'${doubled}'`;
}
