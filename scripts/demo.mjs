import { readdirSync } from "node:fs";
import { createScreen, terminal } from "./demo/screen.mjs";
import { capture } from "./run/command.mjs";
import { environmentWithPnpm } from "./run/pnpm.mjs";
import { rootDir } from "./run/workspace.mjs";

// Each server's part is scripts/demo/<server>-mcp.mjs; usage: node scripts/demo.mjs [SERVER…]
const folder = new URL("demo/", import.meta.url);
const known = readdirSync(folder)
  .flatMap((name) => name.match(/^(.+-mcp)\.mjs$/)?.[1] ?? [])
  .sort();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));

if (unknown.length > 0) {
  console.error(`no demo of ${unknown.join(", ")}; there are: ${known.join(", ")}`);
  process.exitCode = 2;
} else if (await prepare()) {
  const screen = createScreen({ ...terminal(), write: (text) => process.stdout.write(text) });
  for (const name of wanted.length > 0 ? wanted : known) {
    const { demo } = await import(new URL(`${name}.mjs`, folder));
    await demo(screen);
  }
} else {
  process.exitCode = 1;
}

async function prepare() {
  const env = environmentWithPnpm({ ...process.env, CI: "1", TURBO_TELEMETRY_DISABLED: "1" });
  console.log("Installing and building (a minute the first time)…");
  try {
    await capture("pnpm", ["install", "--frozen-lockfile"], { env });
    await capture(process.execPath, ["scripts/build.mjs", "--output-logs=errors-only"], {
      env,
      cwd: rootDir,
    });
    return true;
  } catch (error) {
    console.error(error.message);
    return false;
  }
}
