import { performance } from "node:perf_hooks";

/**
 * Runs every stage in order, whatever the earlier ones said, except that nothing runs after a failed
 * `required` one. A stage's `run(context)` gives `{ passed, failed }`; throwing counts as one failure.
 */
export async function runStages(stages, context, log = console.log) {
  const results = [];
  for (const stage of stages) {
    const blocker = results.find((result) => result.required && result.failed > 0);
    log(`\n── ${stage.name}${blocker ? ` (not run: ${blocker.name} failed)` : ""}`);
    const outcome = blocker ? { passed: 0, failed: 1, seconds: 0 } : await timed(stage, context, log);
    results.push({ name: stage.name, required: stage.required === true, ...outcome });
  }
  return results;
}

/** Seconds per stage, and as the last line the sum alone. */
export function report(results, log = console.log) {
  const width = Math.max(...results.map(({ name }) => name.length));
  log("");
  for (const { name, seconds, passed, failed } of results) {
    const verdict = failed > 0 ? `${failed} failed` : "ok";
    log(
      `${name.padEnd(width)}  ${seconds.toFixed(1).padStart(7)} s  ${String(passed).padStart(6)} passed  ${verdict}`,
    );
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  log(`${"total".padEnd(width)}  ${sum("seconds").toFixed(1).padStart(7)} s\n`);
  log(`${sum("passed")} passed, ${sum("failed")} failed`);
  return sum("failed") === 0;
}

/** Those named in `--only a,b`, in the table's order; throws on a name that does not exist. */
export function selectStages(stages, argv) {
  const flag = argv.indexOf("--only");
  const unknownFlag = argv.find((arg, i) => !(arg === "--only" || (flag >= 0 && i === flag + 1)));
  if (unknownFlag !== undefined) throw new Error(`unknown argument ${unknownFlag}; known: --only STAGE,…`);
  if (flag < 0) return stages;
  const wanted = (argv[flag + 1] ?? "").split(",").filter(Boolean);
  const known = stages.map(({ name }) => name);
  const unknown = wanted.filter((name) => !known.includes(name));
  if (wanted.length === 0 || unknown.length > 0) {
    throw new Error(`unknown stage ${unknown.join(", ") || "(none given)"}; known: ${known.join(", ")}`);
  }
  return stages.filter(({ name }) => wanted.includes(name));
}

async function timed(stage, context, log) {
  const start = performance.now();
  const outcome = await attempt(stage, context, log);
  return { ...outcome, seconds: (performance.now() - start) / 1000 };
}

async function attempt(stage, context, log) {
  try {
    return await stage.run(context);
  } catch (error) {
    log(String(error?.message ?? error));
    return { passed: 0, failed: 1 };
  }
}
