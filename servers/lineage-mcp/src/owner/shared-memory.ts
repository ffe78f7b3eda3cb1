import { isToolError, type Logger, ToolError } from "@mcp-data/core";
import type { Home } from "../data/home.ts";
import type { Memory } from "../store/memory.ts";
import { DatabaseHeld, type DuckApi } from "../store/open.ts";
import { openOwner } from "./owner.ts";
import { openProxy } from "./proxy.ts";
import { serveSocket } from "./socket-server.ts";

export interface SharedMemoryOptions {
  readonly home: Home;
  readonly logger: Logger;
  readonly retainDays?: number | undefined;
  readonly tail?: boolean;
  /** Milliseconds to keep trying to become owner or reach one. */
  readonly patienceMs?: number;
}

interface Seat {
  readonly memory: Memory;
  readonly lost: Promise<void>;
  leave(): Promise<void>;
}

/**
 * The memories of one data directory, whoever has the database open. Opens in the background;
 * when the owner goes, one of the others takes its place and calls that were under way are asked again.
 */
export function openSharedMemory(options: SharedMemoryOptions): Memory {
  const { home, logger } = options;
  const listeners = new Set<(notebooks: readonly string[]) => void>();
  let closed = false;
  let current: Promise<Seat> = take();
  current.catch(() => undefined);

  async function take(): Promise<Seat> {
    const api: DuckApi = await import("@duckdb/node-api");
    const until = Date.now() + (options.patienceMs ?? 10_000);
    for (let wait = 10; ; wait = Math.min(wait * 2, 200)) {
      const seat = (await own(api)) ?? (await follow());
      if (seat !== undefined) {
        seat.memory.onChange((notebooks) => {
          for (const listener of [...listeners]) listener(notebooks);
        });
        void seat.lost.then(() => retake(seat));
        return seat;
      }
      if (closed || Date.now() > until) {
        throw new ToolError(
          "UNAVAILABLE",
          "The lineage database is held by a process that does not answer.",
          {
            hint: "End the other program that has it open; get_status tells when it works again.",
            retryAfterMs: 1_000,
          },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, wait + Math.random() * wait));
    }
  }

  async function own(api: DuckApi): Promise<Seat | undefined> {
    try {
      const memory = await openOwner({ api, ...options });
      const socket = await serveSocket(home.socket, memory);
      return {
        memory,
        lost: memory.lost,
        async leave() {
          await socket.close();
          await memory.close();
        },
      };
    } catch (error) {
      if (error instanceof DatabaseHeld) return undefined;
      throw error;
    }
  }

  async function follow(): Promise<Seat | undefined> {
    try {
      const memory = await openProxy(home.socket);
      return { memory, lost: memory.lost, leave: () => memory.close() };
    } catch {
      return undefined;
    }
  }

  function retake(seat: Seat): void {
    if (closed) return;
    logger.info("the lineage database changes hands");
    current = seat.leave().then(take, take);
    current.catch((err) => logger.warn("the lineage database is out of reach", { err }));
  }

  async function seated(): Promise<Seat> {
    try {
      return await current;
    } catch (error) {
      if (closed) throw error;
      current = take();
      return current;
    }
  }

  /** Once more when the owner went away in between. */
  async function ask<T>(work: (memory: Memory) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      const seat = await seated();
      try {
        return await work(seat.memory);
      } catch (error) {
        if (attempt >= 5 || !isToolError(error) || error.details?.reason !== "owner_gone") throw error;
        await new Promise((resolve) => setTimeout(resolve, 20 * (attempt + 1)));
      }
    }
  }

  return {
    rows: (sql, params) => ask((memory) => memory.rows(sql, params)),
    query: (sql, limits, signal) => ask((memory) => memory.query(sql, limits, signal)),
    fresh: () => ask((memory) => memory.fresh()),
    status: () => ask((memory) => memory.status()),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      closed = true;
      await current.then((seat) => seat.leave()).catch(() => undefined);
    },
  };
}
