export interface StopOptions {
  /** Milliseconds until the process ends whatever is still running. */
  readonly deadlineMs?: number;
  readonly exit?: (code: number) => void;
  readonly onSignal?: (signal: NodeJS.Signals) => void;
}

/** Runs `stop` once on SIGTERM or SIGINT, then exits; a second signal exits at once. Returns the way to unhook. */
export function stopOnSignal(stop: () => Promise<void>, options: StopOptions = {}): () => void {
  const exit = options.exit ?? ((code) => process.exit(code));
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) {
      exit(signalCode(signal));
      return;
    }
    stopping = true;
    options.onSignal?.(signal);
    const deadline = setTimeout(() => exit(1), options.deadlineMs ?? 5_000);
    deadline.unref();
    stop().then(
      () => exit(0),
      () => exit(1),
    );
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  return () => {
    process.off("SIGTERM", onSignal);
    process.off("SIGINT", onSignal);
  };
}

function signalCode(signal: NodeJS.Signals): number {
  return signal === "SIGINT" ? 130 : 143;
}

/** Resolves when `work` does, or after `ms`; `true` when the work was done in time. A rejection counts as done. */
export async function settledWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = work.then(
    () => true as const,
    () => true as const,
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}
