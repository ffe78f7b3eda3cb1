export interface Cluster {
  /** Superuser URL, no password. */
  readonly url: string;
  readonly port: number;
  /** Directory of the server binaries. */
  readonly bin: string;
  readonly dataDir: string;
  /** Ends the server at once and removes its files. */
  stop(): Promise<void>;
}

export function findPostgres(): string | undefined;
export function startPostgres(extra?: Readonly<Record<string, string>>): Promise<Cluster>;
