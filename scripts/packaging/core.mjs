import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { capture } from "../run/command.mjs";
import { emptyInstall } from "./empty-install.mjs";

const engines = ["@duckdb/node-api", "libpg-query", "ioredis", "gpt-tokenizer"];

/** Checks of the core tarball: without engines none is installed nor needed; with them every entry loads. */
export async function coreChecks({ manifest, tarball }, env) {
  const entries = Object.keys(manifest.exports)
    .filter((entry) => !entry.endsWith(".json"))
    .map((entry) => entry.replace(/^\./, manifest.name));
  const withoutEngines = entries.filter((entry) => !/\/(sql\/|testing)/.test(entry));
  const engineVersions = engines.map((name) => `${name}@${manifest.peerDependencies[name]}`);
  const folder = await emptyInstall([tarball], env);
  return {
    remove: () => rm(folder, { recursive: true, force: true }),
    checks: [
      {
        name: "core alone: no engine is installed, every other entry loads",
        check: async () => {
          const present = engines.filter((name) => existsSync(join(folder, "node_modules", name)));
          if (present.length > 0) throw new Error(`core alone installed ${present.join(", ")}`);
          await importAll(folder, withoutEngines, env);
        },
      },
      {
        name: "core with its engines: every entry loads",
        check: async () => {
          await capture(
            "npm",
            ["install", "--no-audit", "--no-fund", "--prefer-offline", ...engineVersions],
            {
              cwd: folder,
              env,
            },
          );
          await importAll(folder, entries, env);
        },
      },
    ],
  };
}

function importAll(folder, entries, env) {
  const script = `for (const entry of ${JSON.stringify(entries)}) {
    const names = Object.keys(await import(entry));
    if (names.length === 0) throw new Error(entry + " exports nothing");
  }`;
  return capture(process.execPath, ["--input-type=module", "-e", script], { cwd: folder, env });
}
