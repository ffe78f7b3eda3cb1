import type { Progress } from "@mcp-data/core";

/** Tells every second that a run goes on: clients that wait for word of it do not give up. */
export async function tellProgress<Result>(
  work: () => Promise<Result>,
  progress: (update: Progress) => void,
  timeoutMs: number,
  everyMs = 1_000,
): Promise<Result> {
  const started = performance.now();
  const most = timeoutMs / 1_000;
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    progress({ progress: seconds, message: `Running for ${seconds} s; ${most} s of work are allowed.` });
  }, everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
