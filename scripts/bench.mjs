import { run } from "./run/command.mjs";
import { environmentWithPnpm } from "./run/pnpm.mjs";

// usage: node scripts/bench.mjs [arguments of the benchmarks package's own `bench` script]
const args = ["--dir", "benchmarks", "run", "bench", ...process.argv.slice(2)];
process.exitCode = (await run("pnpm", args, { env: environmentWithPnpm() })) ? 0 : 1;
