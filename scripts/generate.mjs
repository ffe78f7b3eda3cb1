import { fileURLToPath } from "node:url";
import { run } from "./run/command.mjs";

// usage: node scripts/generate.mjs [--check]
const main = fileURLToPath(new URL("generate/main.mjs", import.meta.url));
const ok = await run(process.execPath, [
  "--import",
  "tsx",
  "--conditions=@mcp-data/source",
  main,
  ...process.argv.slice(2),
]);
process.exitCode = ok ? 0 : 1;
