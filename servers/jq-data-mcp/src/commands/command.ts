import type { JqDataServices } from "../create-services.ts";

export type Say = (line: string) => void;

/** A command on the library itself, without a server. */
export interface Command {
  /** Its arguments, for usage lines, and what they are. */
  readonly usage: string;
  readonly help: string;
  readonly summary: string;
  readonly min: number;
  readonly max: number;
  /** It only reads, so a library that is not there is a slip, not a beginning. */
  readonly needsLibrary?: boolean;
  /** The exit code. */
  run(services: JqDataServices, args: readonly string[], say: Say): Promise<number>;
}
