import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The repository, as a URL that ends in a slash. */
export const root = new URL("../../", import.meta.url);
export const rootDir = fileURLToPath(root);

const homes = ["packages", "servers", "examples", "test"];
const single = ["benchmarks"];

/** Every workspace package: `{ dir, manifest }`, `dir` relative to the root, in stable order. */
export function workspacePackages() {
  const nested = homes.flatMap((home) => children(home).map((name) => `${home}/${name}`));
  return [...nested, ...single]
    .filter((dir) => existsSync(new URL(`${dir}/package.json`, root)))
    .map((dir) => ({
      dir,
      manifest: JSON.parse(readFileSync(new URL(`${dir}/package.json`, root), "utf8")),
    }));
}

export function publishablePackages() {
  return workspacePackages().filter(({ manifest }) => manifest.private !== true);
}

export function servers() {
  return workspacePackages().filter(({ dir }) => dir.startsWith("servers/"));
}

function children(home) {
  const url = new URL(`${home}/`, root);
  if (!existsSync(url)) return [];
  return readdirSync(url, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
