import { defineConfig, type Options } from "tsup";

/** Native or WASM: never bundled. */
const engines = ["@duckdb/node-api", "libpg-query"];

const shared = {
  format: "esm",
  target: "node20",
  splitting: true,
  esbuildOptions(options) {
    options.conditions = ["@mcp-data/source"];
  },
} satisfies Options;

// Bundled CommonJS asks for node built-ins through `require`.
const banner = {
  js: `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`,
};

export default defineConfig([
  {
    ...shared,
    entry: { cli: "src/cli.ts", "duckdb-child": "src/duckdb/child.ts" },
    external: [...engines, "pg-native"],
    noExternal: [/^(?!@duckdb\/node-api|libpg-query|pg-native)/],
    banner,
  },
  {
    ...shared,
    entry: { index: "src/index.ts" },
    external: [...engines, "pg-native", "zod", /^@mcp-data\/core/],
    noExternal: [/^(?!@duckdb\/node-api|libpg-query|pg-native|zod|@mcp-data\/core|node:)/],
    banner,
    dts: true,
  },
]);
