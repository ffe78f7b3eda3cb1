import { dirname } from "node:path";
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

/** Messages in one language: the other sixty would be parsed at every start and kept in memory. */
const englishOnly: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "english-only",
  setup(build) {
    build.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, ({ path }) => ({
      contents: 'export { default as en } from "./en.js";',
      resolveDir: dirname(path),
    }));
  },
};

export default defineConfig([
  {
    ...shared,
    entry: { cli: "src/cli.ts" },
    noExternal: [/.*/],
    external: [/^libpg-query/, /^@duckdb/, "ioredis"],
    esbuildPlugins: [englishOnly],
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
