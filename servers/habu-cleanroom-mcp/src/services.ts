import type { Confirmations } from "@mcp-data/core";
import type { HabuClient } from "./client/habu-client.ts";
import type { RunLedger } from "./client/run-ledger.ts";
import type { TokenCache } from "./client/token-cache.ts";
import type { Transport } from "./client/transport.ts";
import type { Clock } from "./clock/clock.ts";
import type { JsonlLog } from "./state/jsonl-log.ts";
import type { RunBook } from "./state/run-book.ts";
import type { WorkStore } from "./state/work-store.ts";

/** What the tools call. */
export interface Services {
  readonly habu: HabuClient;
  readonly tokens: TokenCache;
  readonly ledger: RunLedger;
  readonly runBook: RunBook;
  readonly work: WorkStore;
  readonly confirmations: Confirmations;
  readonly clock: Clock;
  readonly transport: Pick<Transport, "circuit">;
  /** Who read and shared which results, from this server. */
  readonly accessLog: JsonlLog;
  /** What was found and what resolved it; absent when the operator did not ask for it. */
  readonly knowledge: JsonlLog | undefined;
  /** Schedules this server took away, so that they can be brought back. */
  readonly savedSchedules: JsonlLog;
  /** Folder of this key's state files. */
  readonly stateDir: string;
  /** Folder result files are written to. */
  readonly exportDir: string;
  readonly readOnly: boolean;
  readonly allowCredentialWrites: boolean;
  /** EMULATOR, or the host that is asked. */
  readonly environment: string;
  readonly version: string;
  close(): Promise<void>;
}
