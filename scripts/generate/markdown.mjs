/** A table; cells may not break it. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

export function details(summary, body) {
  return `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

export function fence(language, text) {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

export function firstSentence(text) {
  return /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
}

function cell(value) {
  return String(value).replaceAll("|", "\\|").replaceAll("\n", " ").trim();
}
