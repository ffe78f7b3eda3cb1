import { defineConfig, type Options } from "tsup";

/** Native or WASM: never bundled. */
const engines = ["@duckdb/node-api", "libpg-query"];

const shared = {
  format: "esm",
  target: "node20",
  splitting: true,
  // Bundled CommonJS asks for node built-ins through `require`.
  banner: {
    js: `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`,
  },
} satisfies Options;

const conditions = ["@mcp-data/source"];

export default defineConfig([
  {
    ...shared,
    entry: { cli: "src/cli.ts", "duckdb-child": "src/duckdb/child.ts" },
    external: [...engines, "pg-native"],
    noExternal: [/^(?!@duckdb\/node-api|libpg-query|pg-native)/],
    esbuildOptions(options) {
      options.conditions = conditions;
      // A process keeps its source text in memory: 6 MB less. Names stay, for stack traces.
      options.minifyWhitespace = true;
      options.minifySyntax = true;
    },
  },
  {
    ...shared,
    entry: { index: "src/index.ts" },
    external: [...engines, "pg-native", "zod", /^@mcp-data\/core/],
    noExternal: [/^(?!@duckdb\/node-api|libpg-query|pg-native|zod|@mcp-data\/core|node:)/],
    esbuildOptions(options) {
      options.conditions = conditions;
    },
    dts: true,
  },
]);
