import { workerData } from "node:worker_threads";
import { ownThread, setNice } from "./priority.ts";
import type { WorkerData } from "./protocol.ts";

// Before anything is loaded: a worker that starts must not hold up answers either.
const { nice } = workerData as WorkerData;
const thread = ownThread();
if (nice > 0) setNice(thread, nice);
const { work } = await import("./work.ts");
await work(thread);
