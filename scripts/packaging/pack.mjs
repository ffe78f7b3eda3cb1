import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capture } from "../run/command.mjs";
import { publishablePackages, rootDir } from "../run/workspace.mjs";

/**
 * Packs each publishable package as it would be published (needs a build).
 * Gives `packed: [{ manifest, tarball }]`, the manifest being the published one, and `remove()`.
 */
export async function packAll(env) {
  const folder = await mkdtemp(join(tmpdir(), "mcp-data-pack-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const packed = [];
    for (const { dir, manifest } of publishablePackages()) {
      packed.push(await pack(join(rootDir, dir), join(folder, manifest.name.replace("/", "-")), env));
    }
    return { packed, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function pack(dir, into, env) {
  await capture("pnpm", ["pack", "--pack-destination", into], { cwd: dir, env });
  const [name] = await readdir(into);
  const tarball = join(into, name);
  const manifest = JSON.parse(await capture("tar", ["-xzOf", tarball, "package/package.json"]));
  return { manifest, tarball };
}
