import { statSync } from "node:fs";
import type { DuckDBInstance } from "@duckdb/node-api";
import type { Logger } from "@mcp-data/core";

export interface Checkpoints {
  /** Begins one when the log has grown, at `rest` sooner; never two at a time. */
  look(rest?: "rest"): void;
  /** Ends with the one under way. */
  settled(): Promise<void>;
}

/**
 * Moves the log into the database beside other work: within a commit, everyone who waits for that commit would wait for it.
 * Each one packs again what lies beside new rows, so that few of them cost much less than many.
 */
export function createCheckpoints(
  instance: DuckDBInstance,
  database: string,
  logger: Logger,
  logBytes = 40 * 1024 * 1024,
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
    look(rest) {
      const log = statSync(`${database}.wal`, { throwIfNoEntry: false })?.size ?? 0;
      if (running !== undefined || log < (rest === undefined ? logBytes : logBytes / 25)) return;
      running = checkpoint().finally(() => {
        running = undefined;
      });
    },
    async settled() {
      await running;
    },
  };
}
