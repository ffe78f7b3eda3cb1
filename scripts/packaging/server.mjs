import { rm } from "node:fs/promises";
import { join } from "node:path";
import { capture } from "../run/command.mjs";
import { emptyInstall } from "./empty-install.mjs";

/**
 * Checks of one server's tarball in one empty folder. `branches` are the server's own:
 * `[{ name, without, run({ bin, folder, env }) }]`, `without` being packages removed first to show they are not needed.
 */
export async function serverChecks({ manifest, tarball, branches }, env) {
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
    ],
  };
}

function same(shown, expected) {
  if (shown.trim() !== expected) throw new Error(`expected ${expected}, got ${shown}`);
}
