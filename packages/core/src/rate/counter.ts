import type { WindowLimits, WindowName } from "./windows.ts";

/** One counted thing: a principal or a source, with its limits. */
export interface Subject {
  readonly kind: "principal" | "source";
  /** Any length; stores see a digest of it. */
  readonly id: string;
  readonly limits: WindowLimits;
}

export interface Charge {
  /** Gives the unit back in every window that is still the one it was taken from. */
  refund(): Promise<void>;
}

export interface Refusal {
  readonly window: WindowName;
  readonly limit: number;
  readonly retryAfterMs: number;
}

export interface WindowUse {
  readonly window: WindowName;
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** 0 while nothing is used. */
  readonly resets_in_ms: number;
}

/** Counts calls in fixed windows that start with a subject's first call. */
export interface Counter {
  /** One unit in all windows of the subject, or in none. Rejects with an Error when the store fails. */
  charge(subject: Subject): Promise<Charge | Refusal>;
  read(subject: Subject): Promise<WindowUse[]>;
}
