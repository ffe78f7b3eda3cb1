import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { rootDir } from "../run/workspace.mjs";
import { layers } from "./layers.mjs";

const dir = mkdtempSync(join(tmpdir(), "mcp-data-layers-"));
for (const file of ["biome.json", "biome.layers.json"]) cpSync(join(rootDir, file), join(dir, file));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Messages of the import rule for one file with one import. */
function complaints(file, specifier) {
  const path = join(dir, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `import "${specifier}";\n`);
  const args = ["lint", "--only=noRestrictedImports", "--reporter=json", "--vcs-enabled=false", file];
  try {
    execFileSync(join(rootDir, "node_modules/.bin/biome"), args, { cwd: dir, stdio: "pipe" });
    return [];
  } catch (error) {
    const { diagnostics } = JSON.parse(String(error.stdout));
    return diagnostics.filter(({ category }) => category === "lint/style/noRestrictedImports");
  }
}

test.each([
  ["packages/core/src/error/a.ts", "../call/caller.ts"],
  ["packages/core/src/http/a.ts", "../mcp/server.ts"],
  ["packages/core/src/sql/postgres/a.ts", "../../auth/principal.ts"],
  ["packages/core/src/call/a.ts", "../mcp/server.ts"],
  ["packages/core/src/mcp/a.ts", "../testing/connect.ts"],
  ["packages/core/src/tool/a.ts", "../index.ts"],
  ["packages/core/src/call/a.ts", "@modelcontextprotocol/server"],
  ["packages/core/src/index.ts", "@modelcontextprotocol/sdk/client/index.js"],
  ["examples/use-core/src/a.ts", "@modelcontextprotocol/client"],
  ["servers/lineage-mcp/src/cli.ts", "sql-explorer-mcp"],
  ["servers/lineage-mcp/src/store/a.ts", "../../../sql-explorer-mcp/src/index.ts"],
  ["servers/lineage-mcp/src/store/a.ts", "@mcp-data/core/mcp"],
])("%s may not import %s", (file, specifier) => {
  expect(complaints(file, specifier)).toHaveLength(1);
});

test.each([
  ["packages/core/src/tool/a.ts", "../auth/principal.ts"],
  ["packages/core/src/sql/postgres/a.ts", "../policy.ts"],
  ["packages/core/src/sql/postgres/a.ts", "../../error/codes.ts"],
  ["packages/core/src/mcp/a.ts", "@modelcontextprotocol/server"],
  ["packages/core/src/error/a.test.ts", "../call/caller.ts"],
  ["servers/lineage-mcp/src/cli.ts", "@mcp-data/core/mcp"],
  ["servers/lineage-mcp/test/stdio.test.ts", "@modelcontextprotocol/sdk/client/index.js"],
])("%s may import %s", (file, specifier) => {
  expect(complaints(file, specifier)).toEqual([]);
});

test("every layer names only layers, and none can reach itself", () => {
  const reach = (name, seen = new Set()) => {
    for (const next of Array.isArray(layers[name]) ? layers[name] : []) {
      expect(Object.keys(layers)).toContain(next);
      if (!seen.has(next)) reach(next, seen.add(next));
    }
    return seen;
  };
  for (const name of Object.keys(layers)) expect(reach(name).has(name)).toBe(false);
});
