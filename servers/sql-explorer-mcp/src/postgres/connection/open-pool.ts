import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { ToolError } from "@mcp-data/core";
import type { Pool } from "pg";
import { isServerError } from "../errors/statement-error.ts";
import type { PostgresOptions } from "../options.ts";
import type { Session } from "../walls/session.ts";
import { createDebt, type Debt } from "./debt.ts";
import { type Driver, loadDriver, type WireClient } from "./driver.ts";
import { createMeter, type Meter } from "./meter.ts";

/** A connection and what was learned of it when it was made. */
export interface Connected {
  readonly client: WireClient;
  readonly meter: Meter;
  readonly pooled: boolean;
  readonly prepared: boolean;
  readonly debt: Debt;
}

export interface OpenPool {
  readonly driver: Driver;
  connect(): Promise<Connected>;
  end(): Promise<void>;
}

const goodbyeMs = 500;

/** Connections that begin with the session's defaults, or without them where a pooler in between refuses them. */
export async function openPool(
  options: PostgresOptions,
  { defaults, scrub }: Pick<Session, "defaults" | "scrub">,
): Promise<OpenPool> {
  const driver = await loadDriver();
  const live = new Map<WireClient, Connected>();

  const known = async (client: WireClient): Promise<Connected> => {
    const debt = createDebt(client, scrub, () => {
      options.logger.debug("a database connection was not reusable");
      client.connection.stream.destroy();
    });
    return { ...(await inspect(client, defaults)), debt };
  };

  const open = (startup: Session["defaults"]): Pool => {
    const pool = makePool(driver, {
      ...poolConfig(options),
      options: startupOptions(startup),
      onConnect: async (client: unknown) => {
        const wire = client as WireClient;
        wire.connection.once("end", () => live.delete(wire));
        live.set(wire, await known(wire));
      },
    });
    // An idle connection that the server ended; the pool has dropped it and makes another when needed.
    pool.on("error", (error) => options.logger.debug("an idle database connection ended", { err: error }));
    return pool;
  };

  let pool = open(defaults);
  let plain = Object.keys(defaults).length === 0;

  const take = async (): Promise<WireClient> => {
    const used = pool;
    try {
      return (await used.connect()) as unknown as WireClient;
    } catch (error) {
      if (!refusesOptions(error) || (plain && used === pool)) throw error;
      if (used === pool) {
        plain = true;
        pool = open({});
        await used.end();
      }
      return take();
    }
  };

  return {
    driver,
    async connect() {
      const client = await take();
      return live.get(client) ?? (await known(client));
    },
    // A server that answers gets its goodbye; a socket to one that does not would keep the process alive.
    async end() {
      const waiting = new AbortController();
      const late = pause(goodbyeMs, undefined, { signal: waiting.signal }).catch(() => undefined);
      await Promise.race([pool.end(), late]);
      await Promise.race([
        Promise.allSettled([...live.keys()].map((client) => once(client.connection, "end"))),
        late,
      ]);
      waiting.abort();
      for (const client of live.keys()) client.connection.stream.destroy();
    },
  };
}

function poolConfig(options: PostgresOptions): Record<string, unknown> {
  return {
    connectionString: options.dsn.reveal(),
    ...(options.ssl === undefined ? {} : { ssl: options.ssl }),
    application_name: `sql-explorer-mcp ${options.sourceId}`.slice(0, 63),
    max: options.poolMax + 1,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
  };
}

// The driver's own message repeats the DSN.
function makePool(driver: Driver, config: Record<string, unknown>): Pool {
  try {
    return driver.createPool(config);
  } catch {
    throw new ToolError("CONFIG_ERROR", "The source's dsn is not a PostgreSQL connection string.", {
      hint: "Write it as postgres://user@host:5432/database and give the password by env or file.",
    });
  }
}

function startupOptions(defaults: Session["defaults"]): string | undefined {
  const settings = Object.entries(defaults).map(
    ([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, "\\$&")}`,
  );
  return settings.length === 0 ? undefined : settings.join(" ");
}

function refusesOptions(error: unknown): boolean {
  return (
    isServerError(error) &&
    /^(08|42704)/.test(error.code) &&
    /startup parameter|options|parameter/.test(error.message)
  );
}

/**
 * Behind a pooler the process id of the cancel key is the pooler's invention. The defaults are taken for granted
 * only where the server itself says that they are the session's.
 */
async function inspect(client: WireClient, defaults: Session["defaults"]): Promise<Omit<Connected, "debt">> {
  const names = Object.keys(defaults).map((name) => `'${name}'`);
  const { rows } = await client.query(
    `SELECT pg_catalog.pg_backend_pid() AS pid,
       (SELECT pg_catalog.json_object_agg(s.name, s.reset_val) FROM pg_catalog.pg_settings s
        WHERE s.name IN (${["''", ...names].join(", ")})) AS found`,
  );
  const pooled = Number(rows[0]?.["pid"]) !== client.processID;
  const found = (rows[0]?.["found"] ?? {}) as Record<string, unknown>;
  const same = Object.entries(defaults).every(([name, value]) => found[name] === value);
  return {
    client,
    meter: createMeter(client.connection.stream),
    pooled,
    prepared: !pooled && same && Object.keys(defaults).length > 0,
  };
}
