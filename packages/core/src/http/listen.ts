import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { ToolError } from "../error/tool-error.ts";
import { hostForUrl } from "./bind.ts";

export interface Listening {
  /** Without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** New connections are refused from now on, idle ones closed. */
  stopAccepting(): void;
  /** Cuts every connection and resolves once the port is free. */
  destroy(): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly fetch: (request: Request, env: HttpBindings) => Response | Promise<Response>;
  /** Milliseconds a client may take to send its headers; the whole request may take three times that. */
  readonly headersTimeoutMs?: number;
  /** Takes over a connection that asks for another protocol; absent: such requests are answered as plain ones. */
  readonly onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** Rejects with CONFIG_ERROR when the address cannot be listened on. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const headersTimeout = options.headersTimeoutMs ?? 10_000;
  const server = createAdaptorServer({
    fetch: (request, env) => options.fetch(request, env as HttpBindings),
    // Another library of the process may depend on the real Request and Response.
    overrideGlobalObjects: false,
    createServer,
    serverOptions: {
      headersTimeout,
      requestTimeout: headersTimeout * 3,
      connectionsCheckingInterval: Math.min(headersTimeout, 5_000),
      keepAliveTimeout: 5_000,
      maxHeaderSize: 16_384,
    },
  }) as Server;
  if (options.onUpgrade !== undefined) server.on("upgrade", options.onUpgrade);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(asConfigError(error, options)));
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const closed = new Promise<void>((resolve) => void server.once("close", resolve));
  return {
    url: `http://${hostForUrl(options.host)}:${port}`,
    port,
    stopAccepting() {
      server.close();
      server.closeIdleConnections();
    },
    async destroy() {
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function asConfigError(error: NodeJS.ErrnoException, options: ListenOptions): ToolError {
  const reasons: Record<string, string> = {
    EADDRINUSE: "the port is in use",
    EACCES: "the process may not use that port",
    EADDRNOTAVAIL: "this machine does not have that address",
    ENOTFOUND: "the host name is unknown",
  };
  const reason = reasons[error.code ?? ""] ?? "the address cannot be used";
  return new ToolError("CONFIG_ERROR", `Cannot listen on ${options.host}:${options.port}: ${reason}.`, {
    hint: "Choose another address with --http HOST:PORT; port 0 picks a free one.",
    cause: error,
  });
}
