import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capture } from "../run/command.mjs";
import { publishablePackages, rootDir } from "../run/workspace.mjs";

/**
 * Packs each publishable package (needs a build): by `pnpm pack` as it is published, with `publishConfig` applied, or
 * by `npm pack`, as whoever has only a checkout does. Gives `packed: [{ manifest, tarball }]`, the manifest being the published one, and `remove()`.
 */
export async function packAll(env, packer) {
  const folder = await mkdtemp(join(tmpdir(), "mcp-data-pack-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const packed = [];
    for (const { dir, manifest } of publishablePackages()) {
      const into = join(folder, manifest.name.replace("/", "-"));
      packed.push(await pack(packer, join(rootDir, dir), into, env));
    }
    return { packed, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function pack(packer, dir, into, env) {
  await mkdir(into);
  await capture(packer, ["pack", "--pack-destination", into], { cwd: dir, env });
  const [name] = await readdir(into);
  const tarball = join(into, name);
  const manifest = JSON.parse(await capture("tar", ["-xzOf", tarball, "package/package.json"]));
  return { manifest, tarball };
}
