import { environmentWithPnpm } from "./pnpm.mjs";
import { report, runStages, selectStages } from "./stages.mjs";

/** The body of `npm test` and `npm run check`: runs the chosen stages and sets the exit code. */
export async function main(stages, argv) {
  let chosen;
  try {
    chosen = selectStages(stages, argv);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 2;
    return;
  }
  // CI keeps vitest from writing snapshots and pnpm from asking questions.
  const env = environmentWithPnpm({ ...process.env, CI: "1", TURBO_TELEMETRY_DISABLED: "1" });
  const results = await runStages(chosen, { env });
  process.exitCode = report(results) ? 0 : 1;
}
