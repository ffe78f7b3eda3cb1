import { parentPort } from "node:worker_threads";
import { loadJq } from "jq-wasm";

// The engine as its package gives it: no limits, no recycling, text in and out. Plain JavaScript: threads are not given the loader.
const jq = await loadJq();
parentPort.on("message", ({ input, program, flags }) => {
  parentPort.postMessage(jq.raw(input, program, flags).stdout);
});
parentPort.postMessage("ready");
