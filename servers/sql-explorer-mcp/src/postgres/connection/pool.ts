import { ToolError } from "@mcp-data/core";
import type { Pool } from "pg";
import { abortError } from "../errors/abort-error.ts";
import { connectionError } from "../errors/connection-error.ts";
import type { PostgresOptions } from "../options.ts";
import { type Driver, loadDriver, type WireClient } from "./driver.ts";
import { createLease, type Lease } from "./lease.ts";
import { createMeter, type Meter } from "./meter.ts";
import { createSlots } from "./slots.ts";

export interface ConnectionPool {
  /** A connection for a caller's text. UNAVAILABLE when all stay busy, CONNECTION_ERROR, CANCELLED. */
  acquire(signal: AbortSignal): Promise<Lease>;
  /** The one kept for the catalog, pings and the privilege probe: callers cannot starve it. */
  acquireOwn(signal: AbortSignal): Promise<Lease>;
  close(): Promise<void>;
}

interface Known {
  readonly meter: Meter;
  readonly pooled: boolean;
}

export function createPool(options: PostgresOptions, scrub: string): ConnectionPool {
  const waitMs = options.acquireTimeoutMs ?? 5_000;
  const callers = createSlots(options.poolMax, waitMs);
  const own = createSlots(1, Math.max(waitMs, options.ownTimeoutMs ?? 30_000));
  const known = new WeakMap<WireClient, Known>();
  let opened: Promise<{ driver: Driver; pool: Pool }> | undefined;
  let closed = false;

  const open = async () => {
    const driver = await loadDriver();
    const pool = makePool(driver, {
      connectionString: options.dsn.reveal(),
      ...(options.ssl === undefined ? {} : { ssl: options.ssl }),
      application_name: `sql-explorer-mcp ${options.sourceId}`.slice(0, 63),
      max: options.poolMax + 1,
      connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      onConnect: async (client: unknown) => {
        const wire = client as WireClient;
        known.set(wire, await inspect(wire));
      },
    });
    // An idle connection that the server ended; the pool has dropped it and makes another when needed.
    pool.on("error", (error) => options.logger.debug("an idle database connection ended", { err: error }));
    return { driver, pool };
  };

  const connect = async (freeSlot: () => void, signal: AbortSignal): Promise<Lease> => {
    try {
      if (closed) throw new ToolError("UNAVAILABLE", "The server is stopping.");
      opened ??= open();
      const { driver, pool } = await opened;
      const client = await orAborted(pool.connect() as unknown as Promise<WireClient>, signal);
      const { meter, pooled } = known.get(client) ?? (await inspect(client));
      return createLease({
        driver,
        client,
        meter,
        pooled,
        scrub,
        freeSlot,
        onScrubFailure: (error) =>
          options.logger.debug("a database connection was not reusable", { err: error }),
      });
    } catch (error) {
      freeSlot();
      throw connectionError(error);
    }
  };

  return {
    acquire: async (signal) => connect(await callers.acquire(signal), signal),
    acquireOwn: async (signal) => connect(await own.acquire(signal), signal),
    async close() {
      closed = true;
      const current = await opened?.catch(() => undefined);
      await current?.pool.end();
    },
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

// Behind a pooler the process id of the cancel key is the pooler's invention.
async function inspect(client: WireClient): Promise<Known> {
  const { rows } = await client.query("SELECT pg_catalog.pg_backend_pid() AS pid");
  return {
    meter: createMeter(client.connection.stream),
    pooled: Number(rows[0]?.pid) !== client.processID,
  };
}

/** A connection that comes too late for its caller goes back to the pool. */
function orAborted(connecting: Promise<WireClient>, signal: AbortSignal): Promise<WireClient> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      reject(abortError(signal));
      connecting.then(
        (client) => client.release(),
        () => undefined,
      );
    };
    signal.addEventListener("abort", onAbort, { once: true });
    connecting.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
