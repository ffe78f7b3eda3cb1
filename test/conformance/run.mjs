import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { servers as workspaceServers } from "../../scripts/run/workspace.mjs";
import { startServer } from "./src/process.mjs";
import { revisions, runGeneric, runRequirements } from "./src/suite.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const fixture = ["--import", "tsx", "--conditions=@mcp-data/source", "src/serve-fixture.ts"];

/** Real servers as they are published, each started on a free port. */
const servers = [
  { name: "habu-cleanroom-mcp", args: ["--demo", "--http", "127.0.0.1:0"] },
  { name: "jq-data-mcp", args: ["--demo", "--http", "127.0.0.1:0"] },
  { name: "lineage-mcp", args: ["--demo", "--http", "127.0.0.1:0"] },
  { name: "sql-explorer-mcp", args: ["--demo", "--http", "127.0.0.1:0"] },
];

let passed = 0;
let failed = 0;

/** @param {string} name @param {() => Promise<import("./src/suite.mjs").Verdict>} work */
async function part(name, work) {
  const startedAt = Date.now();
  try {
    const verdict = await work();
    passed += verdict.passed;
    failed += verdict.failed;
    const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
    console.log(`${name}: ${verdict.passed} checks hold, ${verdict.failed} do not (${seconds} s)`);
    for (const { scenario, id, message } of verdict.failures)
      console.log(`  ${scenario} ${id}: ${message ?? ""}`);
    if (verdict.unscored.length > 0)
      console.log(`  ran, not part of the set: ${verdict.unscored.join(", ")}`);
  } catch (error) {
    failed += 1;
    console.log(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @param {string} command @param {string[]} args @param {(url: string) => Promise<import("./src/suite.mjs").Verdict>} run */
async function against(command, args, run) {
  const { url, stop } = await startServer(command, args, { cwd: here });
  try {
    return await run(url);
  } finally {
    await stop();
  }
}

for (const revision of revisions) {
  await part(`core, requirements of ${revision}`, () =>
    against(process.execPath, fixture, (url) => runRequirements(url, revision)),
  );
}
for (const { manifest } of workspaceServers()) {
  if (servers.some(({ name }) => name === manifest.name)) continue;
  failed += 1;
  console.log(`${manifest.name}: no entry in test/conformance/run.mjs`);
}
for (const { name, args } of servers) {
  const cli = fileURLToPath(new URL(`../../servers/${name}/dist/cli.js`, import.meta.url));
  await part(`${name}, generic scenarios`, () => {
    if (!existsSync(cli)) throw new Error(`${cli} is missing; run "npm run build" first`);
    return against(process.execPath, [cli, ...args], runGeneric);
  });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
