import type { EventEmitter } from "node:events";

/** Counts what a connection receives, so that one answer cannot fill the memory. */
export interface Meter {
  /** Starts anew: `onFull` is called once when more than `bytes` came in. */
  arm(bytes: number, onFull: () => void): void;
  /** Bytes that do not count. */
  forgive(bytes: number): void;
  disarm(): void;
}

/** Listens before the driver does: a single value of a gigabyte never gets assembled. */
export function createMeter(stream: EventEmitter): Meter {
  let left = Number.POSITIVE_INFINITY;
  let full: (() => void) | undefined;
  stream.prependListener("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left >= 0 || full === undefined) return;
    const tell = full;
    full = undefined;
    tell();
  });
  return {
    arm(bytes, onFull) {
      left = bytes;
      full = onFull;
    },
    forgive(bytes) {
      left += bytes;
    },
    disarm() {
      left = Number.POSITIVE_INFINITY;
      full = undefined;
    },
  };
}
