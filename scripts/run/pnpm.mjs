import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { root } from "./workspace.mjs";

/** `pnpm@x.y.z`, as package.json pins it. */
function pinnedPnpm() {
  return JSON.parse(readFileSync(new URL("package.json", root), "utf8")).packageManager;
}

/** The environment with the pinned pnpm on PATH; npx fetches it when the machine has another one or none. */
export function environmentWithPnpm(env = process.env) {
  const pinned = pinnedPnpm();
  if (installedVersion(env) === pinned.split("@")[1]) return env;
  const PATH = execFileSync("npx", ["-y", "-p", pinned, "node", "-p", "process.env.PATH"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env,
  });
  return { ...env, PATH: PATH.trim() };
}

function installedVersion(env) {
  try {
    // Outside the workspace, so that pnpm neither reads its settings nor switches versions by itself.
    return execFileSync("pnpm", ["--version"], { encoding: "utf8", stdio: "pipe", cwd: "/", env }).trim();
  } catch {
    return undefined;
  }
}
