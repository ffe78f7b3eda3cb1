import { parentPort } from "node:worker_threads";
import { loadJq } from "jq-wasm";

// The engine as its package gives it: no limits, no recycling, text in and out.
const jq = await loadJq();
parentPort?.on(
  "message",
  ({ input, program, flags }: { input: string; program: string; flags: string[] }) => {
    parentPort?.postMessage(jq.raw(input as never, program, flags).stdout);
  },
);
parentPort?.postMessage("ready");
