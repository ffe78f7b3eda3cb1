import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { capture } from "../run/command.mjs";
import { emptyInstall } from "./empty-install.mjs";

/**
 * Checks of one server's tarball in one empty folder. `branches` are the server's own:
 * `[{ name, run({ bin, folder, env }) }]`. Last, the module is imported beside core.
 */
export async function serverChecks({ manifest, tarball, branches, core }, env) {
  const folder = await emptyInstall([tarball], env);
  const bin = join(folder, "node_modules/.bin", Object.keys(manifest.bin)[0]);
  const start = (...args) => capture(bin, args, { cwd: folder, env });
  return {
    remove: () => rm(folder, { recursive: true, force: true }),
    checks: [
      {
        name: `${manifest.name} --version`,
        check: async () => same(await start("--version"), manifest.version),
      },
      {
        name: `${manifest.name} --help`,
        check: async () => {
          const help = await start("--help");
          if (!help.includes(manifest.name)) throw new Error(`--help does not name the command:\n${help}`);
        },
      },
      ...branches.map(({ name, run }) => ({
        name: `${manifest.name} ${name}`,
        check: () => run({ bin, folder, env }),
      })),
      {
        name: `${manifest.name} as a module beside core`,
        check: () => importBesideCore(manifest, core, folder, env),
      },
    ],
  };
}

/** The command needs neither core nor zod installed; the module takes both from its importer. */
async function importBesideCore(manifest, core, folder, env) {
  if (existsSync(join(folder, "node_modules", core.manifest.name)))
    throw new Error("the command brought core along");
  const wanted = [core.tarball, `zod@${manifest.peerDependencies.zod}`];
  await capture("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...wanted], {
    cwd: folder,
    env,
  });
  const script = `const { catalogue, configSchema, createServer } = await import(${JSON.stringify(manifest.name)});
    if (!catalogue.tools.length || !configSchema.parse || !createServer) throw new Error("exports are missing");`;
  await capture(process.execPath, ["--input-type=module", "-e", script], { cwd: folder, env });
}

function same(shown, expected) {
  if (shown.trim() !== expected) throw new Error(`expected ${expected}, got ${shown}`);
}
