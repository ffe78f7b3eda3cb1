import { join } from "node:path";
import { packageChecks } from "../packaging/checks.mjs";
import { packAll } from "../packaging/pack.mjs";
import { capture } from "../run/command.mjs";
import { rootDir } from "../run/workspace.mjs";

const bin = (name) => join(rootDir, "node_modules/.bin", name);

/** publint and attw on each tarball. */
export const publint = {
  name: "publint",
  run: ({ env }) =>
    withTarballs(env, ({ manifest, tarball }) => [
      {
        name: `publint ${manifest.name}`,
        check: () => capture(bin("publint"), ["run", tarball, "--strict"], { env }),
      },
      {
        name: `attw ${manifest.name}`,
        check: () => capture(bin("attw"), [tarball, "--profile", "esm-only", "--no-emoji"], { env }),
      },
    ]),
};

/** Each tarball in an empty folder: it starts, and every part loaded on first use loads. */
export const packaging = {
  name: "packaging",
  run: ({ env }) => withTarballs(env, (item) => packageChecks(item, env)),
};

async function withTarballs(env, checksFor) {
  const { packed, remove } = await packAll(env);
  try {
    const counts = { passed: 0, failed: 0 };
    const checks = await Promise.all(packed.map(checksFor));
    for (const { name, check } of checks.flat()) {
      const problem = await check().then(
        () => undefined,
        (error) => error,
      );
      console.log(`${problem === undefined ? "ok    " : "failed"}  ${name}`);
      if (problem !== undefined) console.log(String(problem.message ?? problem));
      counts[problem === undefined ? "passed" : "failed"] += 1;
    }
    return counts;
  } finally {
    await remove();
  }
}
