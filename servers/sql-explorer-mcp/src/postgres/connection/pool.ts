import { ToolError } from "@mcp-data/core";
import { abortError } from "../errors/abort-error.ts";
import { connectionError } from "../errors/connection-error.ts";
import type { PostgresOptions } from "../options.ts";
import type { Session } from "../walls/session.ts";
import { createLease, type Lease } from "./lease.ts";
import { type Connected, type OpenPool, openPool } from "./open-pool.ts";
import { createSlots } from "./slots.ts";

export interface ConnectionPool {
  /** A connection for a caller's text. UNAVAILABLE when all stay busy, CONNECTION_ERROR, CANCELLED. */
  acquire(signal: AbortSignal): Promise<Lease>;
  /** The one kept for the catalog, pings and the privilege probe: callers cannot starve it. */
  acquireOwn(signal: AbortSignal): Promise<Lease>;
  close(): Promise<void>;
}

/** Connects on first use; what fails then is tried anew with the next call. */
export function createPool(
  options: PostgresOptions,
  session: Pick<Session, "defaults" | "scrub">,
): ConnectionPool {
  const waitMs = options.acquireTimeoutMs ?? 5_000;
  const callers = createSlots(options.poolMax, waitMs);
  const own = createSlots(1, Math.max(waitMs, options.ownTimeoutMs ?? 30_000));
  let opened: Promise<OpenPool> | undefined;
  let closing: Promise<void> | undefined;

  const lease = async (freeSlot: () => void, signal: AbortSignal): Promise<Lease> => {
    try {
      if (closing !== undefined) throw new ToolError("UNAVAILABLE", "The server is stopping.");
      opened ??= openPool(options, session);
      const pool = await opened;
      const connected = await orAborted(pool.connect(), signal);
      return createLease({
        ...connected,
        driver: pool.driver,
        freeSlot,
      });
    } catch (error) {
      freeSlot();
      throw connectionError(error);
    }
  };

  return {
    acquire: async (signal) => lease(await callers.acquire(signal), signal),
    acquireOwn: async (signal) => lease(await own.acquire(signal), signal),
    close() {
      closing ??= (opened ?? Promise.resolve(undefined)).then(
        (pool) => pool?.end(),
        () => undefined,
      );
      return closing;
    },
  };
}

/** A connection that comes too late for its caller goes back to the pool. */
function orAborted(connecting: Promise<Connected>, signal: AbortSignal): Promise<Connected> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      reject(abortError(signal));
      connecting.then(
        ({ client }) => client.release(),
        () => undefined,
      );
    };
    signal.addEventListener("abort", onAbort, { once: true });
    connecting.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
