import { Worker } from "node:worker_threads";

export interface BareJq {
  run(input: string, program: string, flags: readonly string[]): Promise<string>;
  close(): Promise<number>;
}

/** jq-wasm alone in a worker: what a call costs that nothing guards. */
export async function bareJq(): Promise<BareJq> {
  const worker = new Worker(new URL("./jq-bare-worker.mjs", import.meta.url), { execArgv: [] });
  const answer = () =>
    new Promise<string>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  await answer();
  worker.removeAllListeners("error");
  let waiting: ((output: string) => void) | undefined;
  worker.on("message", (output: string) => waiting?.(output));
  return {
    run: (input, program, flags) =>
      new Promise((resolve) => {
        waiting = resolve;
        worker.postMessage({ input, program, flags });
      }),
    close: () => worker.terminate(),
  };
}
