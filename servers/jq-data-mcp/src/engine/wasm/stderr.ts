export interface StderrKeeper {
  /** False for a flood. */
  push(bytes: Uint8Array): boolean;
  text(): string;
}

/** Keeps the beginning; a flood far beyond it ends the run. */
export function createStderr(limit: number): StderrKeeper {
  let kept = Buffer.alloc(0);
  let used = 0;
  let total = 0;
  return {
    push(bytes) {
      total += bytes.length;
      const fitting = Math.min(bytes.length, limit - used);
      if (fitting > 0) {
        if (kept.length === 0) kept = Buffer.alloc(limit);
        kept.set(bytes.subarray(0, fitting), used);
        used += fitting;
      }
      return total <= limit * 16;
    },
    text: () => kept.toString("utf8", 0, used).trim(),
  };
}
