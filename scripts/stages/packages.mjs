import { join } from "node:path";
import { packageChecks } from "../packaging/checks.mjs";
import { packAll } from "../packaging/pack.mjs";
import { capture } from "../run/command.mjs";
import { rootDir } from "../run/workspace.mjs";

const bin = (name) => join(rootDir, "node_modules/.bin", name);
const nothing = async () => {};

/** publint and attw on each tarball. */
export const publint = {
  name: "publint",
  run: ({ env }) =>
    onTarballs(env, "pnpm", async ({ manifest, tarball }) => ({
      remove: nothing,
      checks: [
        {
          name: `publint ${manifest.name}`,
          check: () => capture(bin("publint"), ["run", tarball, "--strict"], { env }),
        },
        {
          name: `attw ${manifest.name}`,
          check: () => capture(bin("attw"), [tarball, "--profile", "esm-only", "--no-emoji"], { env }),
        },
      ],
    })),
};

/** Each tarball in an empty folder: it starts, and every part loaded on first use loads. */
export const packaging = {
  name: "packaging",
  run: ({ env }) => onTarballs(env, "npm", (item, packed) => packageChecks(item, env, packed)),
};

async function onTarballs(env, packer, prepare) {
  const { packed, remove } = await packAll(env, packer);
  const counts = { passed: 0, failed: 0 };
  const count = async (name, work) => {
    const problem = await work().then(nothing, (error) => String(error?.message ?? error));
    console.log(`${problem === undefined ? "ok    " : "failed"}  ${name}`);
    if (problem !== undefined) console.log(problem);
    counts[problem === undefined ? "passed" : "failed"] += 1;
  };
  try {
    for (const item of packed) {
      const prepared = await prepare(item, packed).catch((error) => ({
        remove: nothing,
        checks: [{ name: `install ${item.manifest.name}`, check: () => Promise.reject(error) }],
      }));
      for (const { name, check } of prepared.checks) await count(name, check);
      await prepared.remove();
    }
  } finally {
    await remove();
  }
  return counts;
}
