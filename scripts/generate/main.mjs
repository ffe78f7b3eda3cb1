// Runs with the "@mcp-data/source" condition and a TypeScript loader; scripts/generate.mjs starts it so.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { root } from "../run/workspace.mjs";
import { generatedFiles } from "./files.mjs";

const check = process.argv.includes("--check");
const stale = [];
for (const [path, content] of await generatedFiles()) {
  const url = new URL(path, root);
  if (existsSync(url) && readFileSync(url, "utf8") === content) continue;
  stale.push(path);
  if (check) continue;
  mkdirSync(dirname(url.pathname), { recursive: true });
  writeFileSync(url, content);
}
for (const path of stale) console.log(`${check ? "out of date" : "written"}: ${path}`);
if (check && stale.length > 0) {
  console.log("run: npm run generate");
  process.exitCode = 1;
}
