import { mkdirSync, renameSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The worker's file: a build entry beside the bundle, or made from source in a checkout. */
export async function workerUrl(from = import.meta.url): Promise<URL> {
  if (!from.endsWith(".ts")) return new URL("./engine-worker.js", from);
  const folder = new URL("../../../node_modules/.cache/", from);
  mkdirSync(folder, { recursive: true });
  const file = new URL("engine-worker.mjs", folder);
  const made = new URL(`engine-worker-${process.pid}-${performance.now()}.mjs`, folder);
  // Known to checkouts only, so no bundler may follow it.
  const builder = "esbuild";
  const { build } = (await import(builder)) as { build(options: object): Promise<unknown> };
  await build({
    entryPoints: [fileURLToPath(new URL("./worker.ts", from))],
    outfile: fileURLToPath(made),
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["jq-wasm"],
  });
  // Test processes may do the same at the same time.
  renameSync(made, file);
  return file;
}
