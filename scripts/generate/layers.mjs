/** What each folder of core/src may import besides itself; the dependency rule of ARCHITECTURE.md. */
export const layers = {
  error: [],
  envelope: [],
  json: ["error"],
  auth: ["error"],
  log: ["error"],
  config: ["error"],
  sql: ["error"],
  audit: ["error", "json"],
  rate: ["error", "auth"],
  token: ["error", "envelope", "json"],
  resource: ["error", "envelope", "auth"],
  prompt: ["error", "envelope", "auth", "resource"],
  tool: ["error", "envelope", "auth", "resource", "prompt"],
  call: "everything but http, mcp, start, testing",
  http: ["error", "auth", "log", "config"],
  mcp: "everything but start, testing",
  start: "everything but testing",
  testing: "everything",
};

const serverNames = ["sql-explorer-mcp", "lineage-mcp", "jq-data-mcp", "habu-cleanroom-mcp"];

const noSdk = {
  group: ["@modelcontextprotocol/**"],
  message: "Only core/src/mcp, core/src/testing and tests know an MCP SDK.",
};
const noOtherServer = {
  group: serverNames.flatMap((name) => [name, `${name}/**`, `**/${name}/**`]),
  message: "Servers never import each other.",
};
const noProtocol = {
  group: ["mcp", "http", "start", "client", "testing"].map((entry) => `@mcp-data/core/${entry}`),
  message: "Only the files directly in a server's src/ wire it to a protocol.",
};

/** Biome overrides: of several that match a file, the last one's import rule is the one that counts. */
export function layerConfig() {
  const folders = Object.entries(layers).flatMap(([folder, allowed]) => folderRules(folder, allowed));
  const overrides = [
    ...folders,
    override("servers/**", [noSdk, noOtherServer]),
    override("servers/*/src/*/**", [noSdk, noOtherServer, noProtocol]),
    { includes: ["**/*.test.ts", "**/test/**", "benchmarks/**"], ...importRule("off") },
  ];
  return { overrides: [override("{packages,examples}/**", [noSdk]), ...overrides] };
}

/** One rule per depth, as the paths are relative: a/x.ts says ../b, a/n/x.ts says ../../b. */
function folderRules(folder, allowed) {
  if (allowed === "everything")
    return [{ includes: [`packages/core/src/${folder}/**`], ...importRule("off") }];
  const isList = Array.isArray(allowed);
  const words = isList ? allowed.join(", ") || "nothing" : allowed;
  const denied = isList ? [] : allowed.replace("everything but ", "").split(", ");
  return ["../", "../../"].map((up, depth) => {
    const group = isList
      ? [`${up}*/**`, ...allowed.map((name) => `!${up}${name}/**`)]
      : denied.map((name) => `${up}${name}/**`);
    const rule = { group: [...group, `${up}index.ts`], message: `${folder} may import ${words}.` };
    return override(
      `packages/core/src/${folder}/${"*/".repeat(depth)}**`,
      folder === "mcp" ? [rule] : [noSdk, rule],
    );
  });
}

function override(includes, patterns) {
  return { includes: [includes], ...importRule({ level: "error", options: { patterns } }) };
}

function importRule(noRestrictedImports) {
  return { linter: { rules: { style: { noRestrictedImports } } } };
}
