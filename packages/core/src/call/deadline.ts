import { ToolError } from "../error/tool-error.ts";

/** How long a stopped handler may take to answer for itself before the call is answered for it. */
const graceMs = 2_000;

export interface Deadline {
  readonly signal: AbortSignal;
  /** The handler's own end, or CANCELLED / QUERY_TIMEOUT shortly after the signal fired. */
  race<Value>(work: Promise<Value>): Promise<Value>;
  done(): void;
}

/** One signal out of the caller's and a time limit. */
export function startDeadline(outer: AbortSignal, timeoutMs: number): Deadline {
  const controller = new AbortController();
  let stopped: ToolError | undefined;
  let onStop: (() => void) | undefined;
  const stop = (error: ToolError) => {
    if (stopped !== undefined) return;
    stopped = error;
    controller.abort(error);
    onStop?.();
  };
  const onCancel = () => stop(new ToolError("CANCELLED", "The call was cancelled."));
  const timer = setTimeout(() => stop(timeout(timeoutMs)), timeoutMs);
  if (outer.aborted) onCancel();
  else outer.addEventListener("abort", onCancel, { once: true });
  let grace: NodeJS.Timeout | undefined;

  return {
    signal: controller.signal,
    race: (work) =>
      new Promise((resolve, reject) => {
        const giveUp = () => {
          grace = setTimeout(() => reject(stopped), graceMs);
        };
        if (stopped === undefined) onStop = giveUp;
        else giveUp();
        work.then(resolve, (error) => reject(isAbort(error) && stopped !== undefined ? stopped : error));
      }),
    done: () => {
      clearTimeout(timer);
      clearTimeout(grace);
      outer.removeEventListener("abort", onCancel);
    },
  };
}

function timeout(ms: number): ToolError {
  return new ToolError("QUERY_TIMEOUT", `The call was stopped at its limit of ${ms} ms.`, {
    hint: "Ask for less: a narrower filter, fewer rows, or a longer limit where the tool takes one.",
  });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
