import { statSync } from "node:fs";
import type { DuckDBInstance } from "@duckdb/node-api";
import type { Logger } from "@mcp-data/core";

export interface Checkpoints {
  /** Begins one when the log has grown; never two at a time. */
  look(): void;
  /** Ends with the one under way. */
  settled(): Promise<void>;
}

/** Moves the log into the database beside other work: within a commit, everyone who waits for that commit would wait for it. */
export function createCheckpoints(
  instance: DuckDBInstance,
  database: string,
  logger: Logger,
  logBytes = 8 * 1024 * 1024,
): Checkpoints {
  let running: Promise<void> | undefined;

  async function checkpoint(): Promise<void> {
    const connection = await instance.connect();
    try {
      await connection.run("CHECKPOINT");
    } catch (err) {
      logger.debug("a checkpoint was not possible; the next commit asks again", { err });
    } finally {
      connection.closeSync();
    }
  }

  return {
    look() {
      const log = statSync(`${database}.wal`, { throwIfNoEntry: false })?.size ?? 0;
      if (running !== undefined || log < logBytes) return;
      running = checkpoint().finally(() => {
        running = undefined;
      });
    },
    async settled() {
      await running;
    },
  };
}
