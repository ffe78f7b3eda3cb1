import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capture } from "../run/command.mjs";

/** Installs packages with npm into an empty folder, runs `use(folder)`, and removes the folder. */
export async function inEmptyFolder(packages, env, use) {
  const folder = await mkdtemp(join(tmpdir(), "mcp-data-install-"));
  try {
    await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
    const flags = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
    await capture("npm", ["install", ...flags, ...packages], { cwd: folder, env });
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
