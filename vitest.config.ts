import { defineConfig } from "vitest/config";

// The "@mcp-data/source" export condition makes a workspace package resolve to its TypeScript, so tests need no build.
// "import" is not listed: it would hold for require() as well and hand CommonJS packages their ES modules.
const conditions = ["@mcp-data/source", "node", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["node", "default"] } },
  test: {
    include: ["{packages,servers,examples}/**/*.test.ts", "{scripts,benchmarks,test}/**/*.test.{ts,mjs}"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
