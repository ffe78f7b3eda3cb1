import { run } from "./run/command.mjs";
import { environmentWithPnpm } from "./run/pnpm.mjs";
import { rootDir } from "./run/workspace.mjs";
import { runWithServices } from "./services/run-with-services.mjs";

// usage: node scripts/bench.mjs [SUITE…]; measures the build, against a PostgreSQL of its own
const env = environmentWithPnpm();
if (await run(process.execPath, ["scripts/build.mjs", "--output-logs=errors-only"], { env })) {
  process.chdir(rootDir);
  const args = ["--dir", "benchmarks", "run", "bench", ...process.argv.slice(2)];
  process.exitCode = await runWithServices("pnpm", args, { env });
} else {
  process.exitCode = 1;
}
