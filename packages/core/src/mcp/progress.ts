import type { Progress } from "../tool/define-tool.ts";

export interface ProgressReporter {
  report(update: Progress): void;
  /** Sends what is still held back; nothing is sent afterwards. */
  finish(): void;
}

/** At most one notification per `intervalMs`, always the newest, and only ever rising as the protocol wants. */
export function reportProgress(send: (update: Progress) => void, intervalMs = 100): ProgressReporter {
  let sent = Number.NEGATIVE_INFINITY;
  let held: Progress | undefined;
  let timer: NodeJS.Timeout | undefined;
  let finished = false;

  const flush = () => {
    timer = undefined;
    if (held === undefined) return;
    sent = held.progress;
    send(held);
    held = undefined;
    timer = setTimeout(flush, intervalMs);
    timer.unref();
  };

  return {
    report(update) {
      if (finished || !(update.progress > (held?.progress ?? sent))) return;
      held = update;
      if (timer === undefined) flush();
    },
    finish() {
      finished = true;
      clearTimeout(timer);
      if (held !== undefined) send(held);
      held = undefined;
    },
  };
}
