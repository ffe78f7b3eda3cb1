interface FlagBase {
  readonly help: string;
  readonly short?: string;
  /** Further spellings, accepted but not listed. */
  readonly aliases?: readonly string[];
}

interface ValueBase extends FlagBase {
  /** How the usage text names the value: `FILE`, `HOST:PORT`. */
  readonly value: string;
}

export type Flag =
  | (FlagBase & { readonly type: "boolean" })
  | (ValueBase & { readonly type: "string" })
  | (ValueBase & { readonly type: "integer"; readonly min?: number; readonly max?: number })
  /** Repeated, comma-separated, or both. */
  | (ValueBase & { readonly type: "list" })
  | (FlagBase & { readonly type: "choice"; readonly choices: readonly string[] });

export type FlagTable = Readonly<Record<string, Flag>>;

export interface CommandLine<T extends FlagTable> {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  /** `max` 0 refuses positionals. */
  readonly positionals: { readonly usage: string; readonly help: string; readonly max?: number };
  readonly flags: T;
  /** Commands shown under the flags, each with a short remark. */
  readonly examples?: readonly (readonly [command: string, remark: string])[];
}
