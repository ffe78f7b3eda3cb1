import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger, Secret } from "@mcp-data/core";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/emulator.ts";
import { askToken } from "../../src/client/ask-token.ts";
import { createHabuClient, type Habu, type HabuClient } from "../../src/client/habu-client.ts";
import { createReplyCache } from "../../src/client/reply-cache.ts";
import { createTokenCache, type TokenCache } from "../../src/client/token-cache.ts";
import { createTransport, type Transport, type TransportOptions } from "../../src/client/transport.ts";
import { createVirtualClock } from "../../src/clock/clock.ts";

export interface ClientParts {
  readonly client: HabuClient;
  readonly tokens: TokenCache;
  readonly transport: Transport;
  /** What the logger wrote. */
  readonly log: string[];
  session(budget?: number): Habu;
}

export interface Bench extends ClientParts {
  readonly emulator: Emulator;
  readonly dir: string;
  /** The client of a process that starts now with the same state. */
  restart(options?: Partial<TransportOptions> & { readOnly?: boolean }): ClientParts;
  close(): Promise<void>;
}

/** An emulator whose time moves only when told, and the client of one process. */
export async function bench(
  options: EmulatorOptions & { transport?: Partial<TransportOptions> } = {},
): Promise<Bench> {
  const emulator = await startEmulator({
    clock: createVirtualClock(Date.parse("2026-11-20T09:00:00Z")),
    ...options,
  });
  const dir = mkdtempSync(join(tmpdir(), "habu-"));
  const opened: Transport[] = [];
  function restart(given: Partial<TransportOptions> & { readOnly?: boolean } = {}): ClientParts {
    const log: string[] = [];
    const { readOnly = false, ...rest } = given;
    const transport = createTransport({
      baseUrl: `${emulator.url}/v1`,
      backoffMs: 1,
      ...options.transport,
      ...rest,
    });
    opened.push(transport);
    const secret = new Secret(emulator.clientSecret);
    const tokens = createTokenCache({
      file: join(dir, "token.json"),
      secret,
      clock: emulator.clock,
      request: () => askToken(transport, emulator.clientId, secret),
    });
    const client = createHabuClient({
      transport,
      tokens,
      cache: createReplyCache(emulator.clock),
      clock: emulator.clock,
      logger: createLogger({
        server: "test",
        level: "debug",
        to: { write: (line: string) => void log.push(line) },
      }),
      readOnly,
    });
    const session = (budget?: number) =>
      client.session({
        signal: new AbortController().signal,
        requestId: "req-1",
        ...(budget === undefined ? {} : { budget }),
      });
    return { client, tokens, transport, log, session };
  }
  return {
    ...restart(),
    emulator,
    dir,
    restart,
    async close() {
      for (const transport of opened) transport.close();
      await emulator.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
