import { ToolError } from "@mcp-data/core";
import { startEmulator } from "../emulator/emulator.ts";
import { createVirtualClock } from "./clock/clock.ts";

/** Serves the emulator until a signal. Says on stderr how to point a server at it. */
export async function runEmulator(port: number, speed: number): Promise<void> {
  const emulator = await startEmulator({ port, clock: createVirtualClock(Date.now(), speed) }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") throw error;
      throw new ToolError("CONFIG_ERROR", `Port ${port} is taken.`, {
        hint: "Choose another with --port; 0 picks a free one.",
      });
    },
  );
  process.stderr.write(
    `EMULATOR on ${emulator.url} (journal: /__journal)\n  HABU_API_BASE_URL=${emulator.url} HABU_CLIENT_ID=${emulator.clientId} HABU_CLIENT_SECRET=${emulator.clientSecret}\n`,
  );
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await emulator.close();
}
