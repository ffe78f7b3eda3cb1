import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capture } from "../run/command.mjs";

/** Installs packages with npm into a new empty folder and gives its path; the caller removes it. */
export async function emptyInstall(packages, env) {
  const folder = await mkdtemp(join(tmpdir(), "mcp-data-install-"));
  try {
    await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
    const flags = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
    await capture("npm", ["install", ...flags, ...packages], { cwd: folder, env });
    return folder;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
