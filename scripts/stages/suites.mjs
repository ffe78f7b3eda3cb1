import { run, runAndKeep } from "../run/command.mjs";
import { workspacePackages } from "../run/workspace.mjs";

/** Each example proves itself: its `verify` script exits 0 when what it shows is true. */
export const examples = {
  name: "examples",
  run: async ({ env }) => {
    const all = workspacePackages().filter(({ dir }) => dir.startsWith("examples/"));
    let failed = 0;
    for (const { dir, manifest } of all) {
      console.log(dir);
      const ok =
        manifest.scripts?.verify !== undefined &&
        (await run("pnpm", ["--dir", dir, "run", "verify"], { env }));
      if (manifest.scripts?.verify === undefined) console.log(`${dir}/package.json has no "verify" script`);
      if (!ok) failed += 1;
    }
    return { passed: all.length - failed, failed };
  },
};

/** The official protocol suite; its script ends with "N passed, N failed". */
export const conformance = {
  name: "conformance",
  run: async ({ env }) => {
    const { text, ok } = await runAndKeep(process.execPath, ["test/conformance/run.mjs"], { env });
    return lastCount(text, ok);
  },
};

/** The last "N passed, N failed" of a text; a failing exit is never fewer than one failure. */
export function lastCount(text, ok) {
  const match = [...text.matchAll(/(\d+) passed, (\d+) failed/g)].at(-1);
  const passed = Number(match?.[1] ?? (ok ? 1 : 0));
  const failed = Number(match?.[2] ?? 0);
  return { passed, failed: ok ? failed : Math.max(failed, 1) };
}
