import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createLogger } from "@mcp-data/core";
import { expect, test } from "vitest";
import { interpreters } from "../../scripts/python-env.mjs";
import { alive } from "../../test/support/processes.ts";
import { tempFolder } from "../../test/support/recorded.ts";
import { launchCommand } from "./launch.ts";

const python = interpreters()[0]?.path ?? "python3";
const brood = join(import.meta.dirname, "../../test/python/brood.py");
const logger = createLogger({ server: "test", level: "silent" });

async function pidsIn(file: string): Promise<number[]> {
  const read = () => {
    try {
      return readFileSync(file, "utf8").split("\n").filter(Boolean).map(Number);
    } catch {
      return [];
    }
  };
  await expect.poll(() => read().length, { timeout: 20_000 }).toBe(6);
  return read();
}

test("stop ends sessions of their own, daemons and what ignores signals", { timeout: 60_000 }, async () => {
  const file = join(tempFolder(), "pids");
  const child = launchCommand({ mode: "edit", python, command: [python, brood, file], env: {}, logger });
  const pids = await pidsIn(file);
  expect(pids.filter(alive)).toEqual(pids);
  await child.stop();
  await child.stop();
  await child.ended;
  expect(pids.filter(alive)).toEqual([]);
});

test("the launcher killed with -9 takes all of it along", { timeout: 60_000 }, async () => {
  const file = join(tempFolder(), "pids");
  const script = join(tempFolder(), "launcher.ts");
  writeFileSync(
    script,
    `import { launchCommand } from ${JSON.stringify(join(import.meta.dirname, "launch.ts"))};
launchCommand({ mode: "edit", python: ${JSON.stringify(python)}, command: ${JSON.stringify([python, brood, file])}, env: {}, logger: { info() {}, error() {} } as never });
`,
  );
  const root = join(import.meta.dirname, "../../../..");
  const launcher = spawn(
    process.execPath,
    ["--conditions=@mcp-data/source", "--import", join(root, "node_modules/tsx/dist/loader.mjs"), script],
    { stdio: "ignore" },
  );
  const pids = await pidsIn(file);
  expect(pids.filter(alive)).toEqual(pids);
  launcher.kill("SIGKILL");
  await once(launcher, "exit");
  await expect.poll(() => pids.filter(alive), { timeout: 20_000 }).toEqual([]);
});

test("the leash killed with -9 is no way out for the command", { timeout: 60_000 }, async () => {
  const file = join(tempFolder(), "pid");
  const command = [
    python,
    "-c",
    `import os,sys,time; open(sys.argv[1],'w').write(str(os.getpid())); time.sleep(600)`,
    file,
  ];
  const child = launchCommand({ mode: "edit", python, command, env: {}, logger });
  await expect
    .poll(
      () => {
        try {
          return readFileSync(file, "utf8");
        } catch {
          return "";
        }
      },
      { timeout: 20_000 },
    )
    .not.toBe("");
  const pid = Number(readFileSync(file, "utf8"));
  process.kill(child.pid ?? 0, "SIGKILL");
  await child.ended;
  if (process.platform === "linux") await expect.poll(() => alive(pid), { timeout: 20_000 }).toBe(false);
  else process.kill(pid, "SIGKILL");
});

test("the command's own end is passed on, and what it left ends when asked", {
  timeout: 60_000,
}, async () => {
  const quick = launchCommand({
    mode: "script",
    python,
    command: [python, "-c", "raise SystemExit(7)"],
    env: {},
    logger,
  });
  expect(await quick.ended).toBe(7);
  await quick.stop();
  const missing = launchCommand({ mode: "script", python, command: ["/no/such/program"], env: {}, logger });
  expect(await missing.ended).toBe(127);
  const file = join(tempFolder(), "pids");
  const left = launchCommand({
    mode: "script",
    python,
    command: [python, brood, file, "3"],
    env: {},
    logger,
  });
  const pids = await pidsIn(file);
  await expect.poll(() => pids.filter(alive).length, { timeout: 20_000 }).toBe(5);
  await left.stop();
  expect(await left.ended).toBe(3);
  expect(pids.filter(alive)).toEqual([]);
});

test("no Python to start with is an end, not an exception", async () => {
  const child = launchCommand({ mode: "edit", python: "/no/such/python", command: ["x"], env: {}, logger });
  expect(await child.ended).toBe(127);
  await child.stop();
});
