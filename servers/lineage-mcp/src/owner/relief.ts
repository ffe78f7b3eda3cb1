import type { DuckApi } from "../store/open.ts";
import { releaseMemory } from "./rest.ts";

/** Gives memory back that nobody uses any more. */
export interface Relief {
  now(): Promise<void>;
  /** The same, unless it was done a moment ago. */
  sometimes(): Promise<void>;
}

/**
 * The engine keeps what it freed, a hundred megabytes and more, for the whole process. Setting a limit makes it give
 * that back to the system; the settings of the database's own engine are locked, and any other's will do.
 */
export function createRelief(api: DuckApi, everyMs = 30_000): Relief {
  let last = performance.now();

  async function now(): Promise<void> {
    last = performance.now();
    const other = await api.DuckDBInstance.create(":memory:", { threads: "1" });
    try {
      const connection = await other.connect();
      await connection.run("SET memory_limit = '16MB'");
      connection.closeSync();
    } finally {
      other.closeSync();
    }
    releaseMemory();
  }

  return {
    now,
    async sometimes() {
      if (performance.now() - last >= everyMs) await now();
    },
  };
}
