import { closeSync, openSync, unlinkSync, writeSync } from "node:fs";

/** Held in memory up to here; more goes to the spill file. */
const heldBytes = 2 * 1024 * 1024;
const flushBytes = 1024 * 1024;

export interface Collected {
  readonly bytes: Uint8Array | undefined;
  readonly total: number;
}

export interface OutputCollector {
  /** False once the limit is passed. */
  push(bytes: Uint8Array): boolean;
  finish(): Collected;
  /** Forgets everything, the file too. */
  discard(): void;
}

/** One growable buffer: small pieces by the million must not become small objects. */
export function createOutput(limit: number, spillPath: string | undefined): OutputCollector {
  let buffer = new Uint8Array(8_192);
  let length = 0;
  let total = 0;
  let fd: number | undefined;

  const flush = () => {
    fd ??= openSync(spillPath as string, "wx", 0o600);
    for (let at = 0; at < length; ) at += writeSync(fd, buffer, at, length - at);
    length = 0;
  };
  return {
    push(bytes) {
      total += bytes.length;
      if (total > limit) return false;
      if (length + bytes.length > buffer.length) {
        const grown = new Uint8Array(Math.max(buffer.length * 2, length + bytes.length));
        grown.set(buffer.subarray(0, length));
        buffer = grown;
      }
      buffer.set(bytes, length);
      length += bytes.length;
      if (spillPath !== undefined && (total > heldBytes || fd !== undefined) && length >= flushBytes) flush();
      return true;
    },
    finish() {
      if (fd === undefined) return { bytes: buffer.slice(0, length), total };
      flush();
      closeSync(fd);
      fd = undefined;
      return { bytes: undefined, total };
    },
    discard() {
      if (fd === undefined) return;
      closeSync(fd);
      unlinkSync(spillPath as string);
      fd = undefined;
    },
  };
}
