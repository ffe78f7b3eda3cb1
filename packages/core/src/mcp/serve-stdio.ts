import type { Readable, Writable } from "node:stream";
import { serveStdio as serveConnection } from "@modelcontextprotocol/server/stdio";
import { localPrincipal } from "../auth/principal.ts";
import type { EventHub } from "../http/events.ts";
import { settledWithin } from "../http/stop.ts";
import type { BoundServer } from "./bind.ts";
import { createLineTransport } from "./line-transport.ts";
import { bindServer } from "./server.ts";
import { createSurface, type SurfaceOptions } from "./surface.ts";

export interface StdioOptions<Services> extends SurfaceOptions<Services> {
  readonly events?: EventHub;
  /** Closes the server's own services; bounded, so that a hanging one cannot keep the process. */
  readonly onClose?: () => Promise<void>;
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  /** Larger messages are answered with an error; 10 MiB. */
  readonly maxMessageBytes?: number;
  /** Milliseconds calls may still finish once the input ended; 500. */
  readonly graceMs?: number;
}

export interface StdioHandle {
  /** Resolves once the client is gone (or `close` was called), calls are aborted and services closed. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

const serviceCloseMs = 3_000;

/** Serves one client over the process's own pipes, as the local user, until the input ends. */
export function serveStdio<Services>(options: StdioOptions<Services>): StdioHandle {
  const { log } = options;
  const surface = createSurface(options);
  const stdout = options.stdout ?? process.stdout;
  if (options.stdout === undefined) keepStdoutForJsonRpc();

  let ended: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const transport = createLineTransport({
    stdin: options.stdin ?? process.stdin,
    stdout,
    maxMessageBytes: options.maxMessageBytes ?? 10 * 1024 * 1024,
    graceMs: options.graceMs ?? 500,
    onClosed: () => ended(),
  });
  let current: BoundServer | undefined;
  const unsubscribe = options.events?.subscribe((event) => current?.tell(event, localPrincipal));

  const connection = serveConnection(
    ({ era }) => {
      current = bindServer(surface, era, () => localPrincipal);
      return current.server;
    },
    {
      transport,
      onerror: (err) => log.debug("stdio protocol error", { err }),
    },
  );

  const closed = gone.then(async () => {
    unsubscribe?.();
    await settledWithin(flushed(stdout), 1_000);
    const inTime = await settledWithin(options.onClose?.() ?? Promise.resolve(), serviceCloseMs);
    if (!inTime) log.warn("services did not close in time", { after_ms: serviceCloseMs });
  });
  return {
    closed,
    async close() {
      await connection.close();
      await closed;
    },
  };
}

function flushed(stdout: Writable): Promise<void> {
  return new Promise((resolve) => void stdout.write("", () => resolve()));
}

/** A library that logs to the console would break the protocol. */
function keepStdoutForJsonRpc(): void {
  Object.assign(console, { log: console.error, info: console.error, debug: console.error });
}
