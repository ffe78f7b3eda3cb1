import { runDuckdbWorker } from "../worker.ts";

// A worker that can be told, by a parsed text, to die or to hang: faults the real engine cannot be made to have on demand.
process.on("message", (request: { readonly op: string; readonly sql?: string }) => {
  if (request.op !== "parse") return;
  if (request.sql === "crash") process.abort();
  if (request.sql === "exit") process.exit(7);
  if (request.sql === "hang") for (;;);
});
await runDuckdbWorker();
