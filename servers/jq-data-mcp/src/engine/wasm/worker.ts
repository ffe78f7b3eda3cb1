import { parentPort, workerData } from "node:worker_threads";
import { createInstance, type Instance } from "./instance.ts";
import { ownThread, setNice } from "./priority.ts";
import type { WorkerAnswer, WorkerData, WorkerJob } from "./protocol.ts";

const { module, hooked, recycleAfter, nice } = workerData as WorkerData;
const port = parentPort;
if (port === null) throw new Error("this file runs as a worker");
// The engine tells of every abort; the answer does that already.
console.error = () => undefined;
console.warn = () => undefined;
const thread = ownThread();
if (nice > 0) setNice(thread, nice);

let instance: Instance = await createInstance(module, hooked);
let runs = 0;
const answer = (message: WorkerAnswer) => {
  const output = message.kind === "done" ? message.output : undefined;
  port.postMessage(message, output === undefined ? [] : [output.buffer as ArrayBuffer]);
};

const check = instance.run({
  id: 0,
  flags: ["-c", "--argjson", "a", '{"b":[1,2]}', "--"],
  program: '[., $a.b[], ("x"|test("X";"i"))]',
  input: { kind: "bytes", bytes: new TextEncoder().encode("9007199254740993"), split: false },
  outputBytes: 1_000,
  stderrBytes: 1_000,
  nesting: 10,
});
const right =
  check.kind === "done" && new TextDecoder().decode(check.output) === "[9007199254740993,1,2,true]\n";
answer(
  right
    ? { kind: "ready", version: instance.version, thread }
    : { kind: "unfit", reason: JSON.stringify(check) },
);

let queue = Promise.resolve();
port.on("message", (job: WorkerJob) => {
  queue = queue.then(async () => {
    const done = instance.run(job);
    runs += 1;
    answer(done);
    if (!instance.spent && runs < recycleAfter) return;
    runs = 0;
    instance = await createInstance(module, hooked);
  });
});
