import { join } from "node:path";
import { run } from "./run/command.mjs";
import { environmentWithPnpm } from "./run/pnpm.mjs";
import { rootDir } from "./run/workspace.mjs";

// turbo starts each package's script with pnpm, which the machine need not have.
const env = environmentWithPnpm();
const ok = await run(join(rootDir, "node_modules/.bin/turbo"), ["run", "build", ...process.argv.slice(2)], {
  env,
});
process.exitCode = ok ? 0 : 1;
