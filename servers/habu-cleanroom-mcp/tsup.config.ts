import { defineConfig, type Options } from "tsup";

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
    entry: { cli: "src/cli.ts" },
    noExternal: [/.*/],
    external: [/^libpg-query/, /^@duckdb/, "ioredis"],
    esbuildOptions(options) {
      options.conditions = conditions;
      // A process keeps its source text in memory. Names stay, for stack traces.
      options.minifyWhitespace = true;
      options.minifySyntax = true;
    },
  },
  {
    ...shared,
    entry: { index: "src/index.ts" },
    external: ["zod", /^@mcp-data\/core/],
    noExternal: [/^(?!zod|@mcp-data\/core|node:)/],
    esbuildOptions(options) {
      options.conditions = conditions;
    },
    dts: true,
  },
]);
