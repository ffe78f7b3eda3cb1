import { createHash } from "node:crypto";
import { join } from "node:path";
import { createConfirmations, createTokenSigner, type Logger, ToolError } from "@mcp-data/core";
import { serverVersion } from "./catalogue.ts";
import { askToken } from "./client/ask-token.ts";
import { createHabuClient } from "./client/habu-client.ts";
import { lazyTransport } from "./client/lazy-transport.ts";
import { createReplyCache } from "./client/reply-cache.ts";
import { createRunLedger } from "./client/run-ledger.ts";
import { createTokenCache } from "./client/token-cache.ts";
import type { TransportOptions } from "./client/transport.ts";
import { type Clock, systemClock } from "./clock/clock.ts";
import { createFollowingClock } from "./clock/following-clock.ts";
import { apiUrl, defaultStateDir, type HabuConfig } from "./config.ts";
import type { Services } from "./services.ts";
import { createJsonlLog } from "./state/jsonl-log.ts";
import { createRunBook } from "./state/run-book.ts";
import { createWorkStore } from "./state/work-store.ts";

export interface ServicesOptions {
  readonly config: HabuConfig;
  readonly logger: Logger;
  /** The emulator's, when it runs in this process. */
  readonly clock?: Clock;
  /** It is the built-in emulator that is asked. */
  readonly emulator?: boolean;
  readonly transport?: Partial<TransportOptions>;
  onCircuit?(state: "open" | "closed"): void;
}

/** Builds the ports from the configuration; asks nobody yet. Throws CONFIG_ERROR without a key. */
export function createServices(options: ServicesOptions): Services {
  const { config, logger } = options;
  const { client_id: clientId, client_secret: secret } = config;
  if (clientId === undefined || secret === undefined) {
    throw new ToolError(
      "CONFIG_ERROR",
      `${clientId === undefined ? "client_id" : "client_secret"}: the platform's API key is missing.`,
      {
        hint: "Set HABU_CLIENT_ID and HABU_CLIENT_SECRET (or HABU_CLIENT_SECRET_FILE), or start with --demo to try the emulator.",
      },
    );
  }
  const baseUrl = apiUrl(config.base_url);
  const host = new URL(baseUrl).hostname;
  const local = host === "127.0.0.1" || host === "localhost" || host === "[::1]";
  // An emulator in another process tells its time; only one on this machine is believed.
  const following = options.clock === undefined && local ? createFollowingClock() : undefined;
  const clock = options.clock ?? following ?? systemClock;
  let isEmulator = options.emulator === true;
  // Another key or another platform has its own budgets.
  const key = createHash("sha256").update(`${clientId}\0${baseUrl}`).digest("hex").slice(0, 16);
  const dir = join(config.state_dir ?? defaultStateDir(), key);
  const transport = lazyTransport({
    baseUrl,
    ...options.transport,
    onCircuit(state) {
      logger.warn("circuit of the platform", { state });
      options.onCircuit?.(state);
    },
    onReply(headers) {
      if (!local || headers["x-habu-emulator"] !== "1") return;
      isEmulator = true;
      following?.observe(Number(headers["x-emulator-now"]));
    },
  });
  const tokens = createTokenCache({
    file: join(dir, "token.json"),
    secret,
    clock,
    request: () => askToken(transport, clientId, secret),
  });
  const readOnly = config.read_only === true;
  return {
    habu: createHabuClient({ transport, tokens, cache: createReplyCache(clock), clock, logger, readOnly }),
    tokens,
    ledger: createRunLedger({ file: join(dir, "ledger.json"), clock, reserved: config.reserved_runs }),
    runBook: createRunBook(join(dir, "runs.json"), clock),
    work: createWorkStore(join(dir, "work.json"), clock),
    confirmations: createConfirmations(
      createTokenSigner(
        config.signing_keys === undefined ? {} : { keys: config.signing_keys.map((one) => one.reveal()) },
      ),
    ),
    clock,
    transport,
    accessLog: createJsonlLog(join(dir, "access.jsonl")),
    savedSchedules: createJsonlLog(join(dir, "schedules.jsonl")),
    knowledge: config.knowledge ? createJsonlLog(join(dir, "knowledge.jsonl")) : undefined,
    stateDir: dir,
    exportDir: config.export_dir ?? join(dir, "exports"),
    readOnly,
    allowCredentialWrites: config.allow_credential_writes,
    get environment() {
      return isEmulator ? "EMULATOR" : host;
    },
    version: serverVersion,
    async close() {
      transport.close();
    },
  };
}
