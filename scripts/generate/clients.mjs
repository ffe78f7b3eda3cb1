import { details, fence } from "./markdown.mjs";

/** What a first try passes; a server without an entry starts with no arguments. */
const firstArguments = {
  "sql-explorer-mcp": ["--demo"],
  "lineage-mcp": ["--demo"],
  "jq-data-mcp": ["--demo"],
  "habu-cleanroom-mcp": ["--demo"],
};

/** How each host is told about a server: `{ client, where, language, text }`. */
export function clientSnippets(name) {
  const key = name.replace(/-mcp$/, "");
  const args = ["-y", name, ...(firstArguments[name] ?? [])];
  const entry = { command: "npx", args };
  const json = (value) => JSON.stringify(value, null, 2);
  return [
    {
      client: "Claude Desktop",
      where: "`claude_desktop_config.json`",
      language: "json",
      text: json({ mcpServers: { [key]: entry } }),
    },
    {
      client: "Claude Code",
      where: "a terminal",
      language: "sh",
      text: `claude mcp add ${key} -- npx ${args.join(" ")}`,
    },
    {
      client: "Cursor",
      where: "`.cursor/mcp.json`",
      language: "json",
      text: json({ mcpServers: { [key]: entry } }),
    },
    {
      client: "VS Code",
      where: "`.vscode/mcp.json`",
      language: "json",
      text: json({ servers: { [key]: { type: "stdio", ...entry } } }),
    },
  ];
}

export function clientsSection(name) {
  return clientSnippets(name)
    .map(({ client, where, language, text }) => details(client, `In ${where}:\n\n${fence(language, text)}`))
    .join("\n\n");
}
