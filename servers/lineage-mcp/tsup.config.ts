import { defineConfig, type Options } from "tsup";

/** Native: never bundled. */
const engines = ["@duckdb/node-api"];

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
    entry: { cli: "src/cli.ts" },
    external: engines,
    noExternal: [/^(?!@duckdb\/node-api)/],
    banner,
  },
  {
    ...shared,
    entry: { index: "src/index.ts" },
    external: [...engines, "zod", /^@mcp-data\/core/],
    noExternal: [/^(?!@duckdb\/node-api|zod|@mcp-data\/core|node:)/],
    banner,
    dts: true,
  },
]);
