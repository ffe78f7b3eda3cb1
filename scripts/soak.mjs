import { randomInt } from "node:crypto";
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { rootDir } from "./run/workspace.mjs";
import { runWithServices } from "./services/run-with-services.mjs";
import { vitest } from "./stages/vitest.mjs";

// The long form of every *.soak.test.ts; `npm test` runs the same files for seconds.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: "string", default: "600" }, seed: { type: "string" } },
});
const seconds = Number(values.seconds);
const seed = values.seed ?? String(randomInt(1, 2 ** 31));
const env = { ...process.env, SOAK_SECONDS: String(seconds), SOAK_SEED: seed };
const filters = positionals.length > 0 ? positionals : [".soak."];

const folder = join(rootDir, ".soak");
mkdirSync(folder, { recursive: true });
const note = (text) => {
  const line = `${new Date().toISOString()} seed ${seed}, ${seconds} s per test: ${text}`;
  console.log(`soak: ${line}`);
  appendFileSync(join(folder, "runs.log"), `${line}\n`);
};

note(`started; repeat with: npm run soak -- --seconds ${seconds} --seed ${seed}`);
const code = await runWithServices(process.execPath, [vitest(), "run", ...filters], { env });
note(`exit ${code}`);
process.exitCode = code;
