/** Replaces what stands between `<!-- generated:NAME -->` and `<!-- /generated:NAME -->`; throws when either is missing. */
export function replaceSection(text, name, body) {
  const open = `<!-- generated:${name} -->`;
  const close = `<!-- /generated:${name} -->`;
  const from = text.indexOf(open);
  const to = text.indexOf(close);
  if (from < 0 || to < from)
    throw new Error(`the markers of the section "${name}" are missing or out of order`);
  if (text.indexOf(open, from + 1) >= 0) throw new Error(`the section "${name}" stands twice`);
  return `${text.slice(0, from + open.length)}\n${body.trim()}\n${text.slice(to)}`;
}

/** Names of the sections a text has. */
export function sectionNames(text) {
  return [...text.matchAll(/<!-- generated:(\S+) -->/g)].map((match) => match[1]);
}
