/** Anchors a markdown page offers, as GitHub names them: headings, and explicit ids. */
export function anchors(markdown) {
  const seen = new Map();
  const found = new Set();
  for (const heading of withoutBlocks(markdown).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const base = slug(heading[1]);
    const count = seen.get(base) ?? 0;
    seen.set(base, count + 1);
    found.add(count === 0 ? base : `${base}-${count}`);
  }
  for (const id of markdown.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)) found.add(id[1]);
  return found;
}

/** Targets of inline links, images, reference definitions and HTML attributes; code is not looked at. */
export function linkTargets(markdown) {
  const text = withoutCode(markdown);
  const inline = [...text.matchAll(/!?\[(?:[^\]\\]|\\.)*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const nested = [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const references = [...text.matchAll(/^\s*\[[^\]]+\]:\s*<?(\S+?)>?(?:\s+"[^"]*")?\s*$/gm)];
  const html = [...text.matchAll(/<(?:a|img)\s[^>]*?(?:href|src)="([^"]+)"/g)];
  return [...new Set([...inline, ...nested, ...references, ...html].map((match) => match[1]))];
}

function slug(heading) {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/<[^>]+>/g, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
}

function withoutBlocks(markdown) {
  return markdown.replace(/^(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1[^\n]*$/gm, "");
}

function withoutCode(markdown) {
  return withoutBlocks(markdown).replace(/(`+)(?!`)[^\n]*?[^`\n]\1(?!`)/g, "");
}
