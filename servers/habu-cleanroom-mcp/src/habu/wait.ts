import type { Habu } from "../client/habu-client.ts";
import type { Services } from "../services.ts";

export interface Waiting<T> {
  readonly last: T;
  /** Epoch milliseconds of the next allowed look; undefined when it is over. */
  readonly nextAt: number | undefined;
}

/** Looks, and looks again when the platform allows it, until it is over or the caller's patience is. */
export async function waitFor<T>(options: {
  readonly habu: Habu;
  readonly clock: Services["clock"];
  readonly waitMs: number;
  look(): Promise<Waiting<T>>;
  onWait?(elapsedMs: number): void;
}): Promise<Waiting<T>> {
  const { habu, clock } = options;
  const until = clock.now() + options.waitMs;
  const began = clock.now();
  for (;;) {
    const seen = await options.look();
    if (seen.nextAt === undefined || seen.nextAt > until) return seen;
    options.onWait?.(clock.now() - began);
    await clock.sleep(Math.max(0, seen.nextAt - clock.now()), habu.signal);
  }
}
