/** What one run may use. */
export interface Limits {
  /** Milliseconds of wall time. */
  readonly timeoutMs: number;
  /** Bytes the program's values may take. */
  readonly memoryBytes: number;
  /** Bytes of output in all. */
  readonly outputBytes: number;
  /** Bytes of messages kept; sixteen times as much ends the run. */
  readonly stderrBytes: number;
  /** Bytes of the program, library functions included. */
  readonly programBytes: number;
  /** Bytes of all bound arguments as JSON. */
  readonly argumentBytes: number;
  /** Levels of nesting in input and arguments. */
  readonly nesting: number;
}

const MiB = 1024 * 1024;

export const defaultLimits: Limits = {
  timeoutMs: 30_000,
  memoryBytes: 256 * MiB,
  outputBytes: 100 * MiB,
  stderrBytes: 64 * 1024,
  programBytes: 64 * 1024,
  argumentBytes: 512 * 1024,
  nesting: 1_000,
};
