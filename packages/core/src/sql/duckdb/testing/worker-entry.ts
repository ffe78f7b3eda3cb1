import { runDuckdbWorker } from "../worker.ts";

await runDuckdbWorker();
