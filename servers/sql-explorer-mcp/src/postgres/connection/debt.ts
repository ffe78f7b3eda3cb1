import { ownStep, type Step } from "../protocol/step.ts";

/** The scrub a connection owes since its last caller. */
export interface Debt {
  /** The step that must lead the next caller's group; taking it settles the debt. */
  take(): Step | undefined;
  /** Owed from now on: paid with the next group, or alone when nobody comes. */
  owe(): void;
}

interface Payer {
  query(text: string): Promise<unknown>;
}

// Long enough for the next call of a busy caller, too short for anything left behind to matter.
const idleMs = 5;

/** In one write and one answer with the next caller's statements, the scrub costs no round trip of its own. */
export function createDebt(client: Payer, scrub: string, onFailure: () => void): Debt {
  const step = ownStep([scrub]);
  let owed = false;
  let timer: NodeJS.Timeout | undefined;
  const settle = () => {
    const was = owed;
    owed = false;
    clearTimeout(timer);
    return was;
  };
  return {
    take: () => (settle() ? step : undefined),
    owe() {
      owed = true;
      timer = setTimeout(() => {
        if (settle()) client.query(scrub).catch(onFailure);
      }, idleMs);
    },
  };
}
