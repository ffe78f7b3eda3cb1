export interface Paced {
  /** Now, or when the pause after the last time is over; however often it is asked for meanwhile, once. */
  ask(): void;
  /** Ends with the one under way; nothing begins after it. */
  stop(): Promise<void>;
}

/** Work that leaves a pause after itself. */
export function paced(work: () => Promise<void>, pauseMs: number): Paced {
  let stopped = false;
  let asked = false;
  let running: Promise<void> | undefined;
  let pause: NodeJS.Timeout | undefined;

  function begin(): void {
    asked = false;
    running = work().finally(() => {
      running = undefined;
      if (stopped) return;
      pause = setTimeout(() => {
        pause = undefined;
        if (asked) begin();
      }, pauseMs);
      pause.unref();
    });
  }

  return {
    ask() {
      if (stopped) return;
      if (running === undefined && pause === undefined) begin();
      else asked = true;
    },
    async stop() {
      stopped = true;
      clearTimeout(pause);
      await running;
    },
  };
}
