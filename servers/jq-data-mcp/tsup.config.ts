import { defineConfig, type Options } from "tsup";

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
    entry: { cli: "src/cli.ts", "engine-worker": "src/engine/wasm/worker.ts" },
    external: ["jq-wasm", "libsql", "ioredis", "bufferutil", "utf-8-validate"],
    noExternal: [/^(?!jq-wasm|libsql|ioredis|bufferutil|utf-8-validate)/],
    banner,
  },
  {
    ...shared,
    entry: { index: "src/index.ts" },
    external: ["jq-wasm", "libsql", "ioredis", "zod", "bufferutil", "utf-8-validate", /^@mcp-data\/core/],
    noExternal: [/^(?!jq-wasm|libsql|ioredis|zod|@mcp-data\/core|bufferutil|utf-8-validate|node:)/],
    banner,
    dts: true,
  },
]);
