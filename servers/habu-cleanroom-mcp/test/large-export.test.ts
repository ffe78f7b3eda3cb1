import { fork } from "node:child_process";
import { statSync } from "node:fs";
import { expect, test } from "vitest";
import { openTools } from "./helpers/tool-bench.ts";

test("a million rows go to a file in memory that stays flat", { timeout: 180_000 }, async () => {
  const { emulator, dir } = await openTools();
  const run = emulator.world.roomQuestions[0]?.runs.at(-1);
  if (run !== undefined) run.rows = 1_000_000;
  // Its own process: the emulator's memory is not counted.
  const child = new URL("./helpers/export-run.ts", import.meta.url);
  const told = await new Promise<{ bytes: number; rows: number; file: string; early: number; late: number }>(
    (resolve, reject) => {
      const started = fork(
        child,
        [
          emulator.url,
          emulator.clientId,
          emulator.clientSecret,
          dir,
          String(emulator.clock.now()),
          run?.id ?? "",
        ],
        {
          execArgv: ["--import", "tsx", "--conditions=@mcp-data/source"],
          stdio: ["ignore", "inherit", "inherit", "ipc"],
        },
      );
      started.on("message", (message) => resolve(message as never));
      started.on("exit", (code) => reject(new Error(`ended with ${code}`)));
    },
  );
  expect(told.rows).toBe(1_000_000);
  expect(statSync(told.file).size).toBe(told.bytes);
  expect(told.late).toBeLessThan(told.early * 1.2 + 20);
});
