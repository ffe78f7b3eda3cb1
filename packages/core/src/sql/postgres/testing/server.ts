import pg from "pg";

/** A cluster of its own: attacks run as superuser and could reach every other test's data. */
export interface OwnServer {
  readonly url: string;
  readonly dataDir: string;
  stop(): Promise<void>;
}

interface Services {
  startPostgres(settings?: Readonly<Record<string, string>>): Promise<OwnServer>;
}

/** Background activity that would write WAL by itself is off. */
export async function startOwnServer(): Promise<OwnServer> {
  const services = (await import(
    new URL("../../../../../../scripts/services/postgres.mjs", import.meta.url).href
  )) as Services;
  return await services.startPostgres({
    autovacuum: "off",
    checkpoint_timeout: "1d",
    max_wal_size: "10GB",
    wal_level: "logical",
    max_prepared_transactions: "5",
    synchronous_commit: "on",
    jit: "off",
    timezone: "UTC",
  });
}

export async function connect(url: string, options: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, ...options });
  // A backend may be ended by the test itself.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

export interface Execution {
  readonly rows?: readonly (readonly unknown[])[];
  readonly fields?: readonly string[];
  /** SQLSTATE. */
  readonly code?: string;
  readonly message?: string;
}

/** One statement by extended protocol. */
export async function execute(client: pg.Client, text: string): Promise<Execution> {
  try {
    const result = await client.query({
      text,
      rowMode: "array",
      queryMode: "extended",
    } as pg.QueryArrayConfig);
    return { rows: result.rows, fields: result.fields.map((field) => field.name) };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { code: code ?? "", message };
  }
}
