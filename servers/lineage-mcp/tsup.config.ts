import { dirname } from "node:path";
import { defineConfig, type Options } from "tsup";
import { compiledChecks } from "./src/events/testing/compiled-checks.ts";

/** Native: never bundled. */
const engines = ["@duckdb/node-api"];

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** Compiling the schemas at run time costs 25 MB and a second. */
const schemasCompiled: Plugin = {
  name: "schemas-compiled",
  setup(build) {
    build.onLoad({ filter: /[\\/]events[\\/]checks\.ts$/ }, ({ path }) => ({
      contents: compiledChecks(),
      resolveDir: dirname(path),
      loader: "js",
    }));
  },
};

const shared = {
  format: "esm",
  target: "node20",
  splitting: true,
  esbuildPlugins: [schemasCompiled],
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
    minifyWhitespace: true,
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
