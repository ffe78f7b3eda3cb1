import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Principal } from "../auth/principal.ts";
import { errorCodes } from "../error/codes.ts";
import { asToolError } from "../error/to-failure.ts";
import { anonymousPrincipal, type HttpAuth } from "./authentication.ts";
import type { ServerEvent } from "./events.ts";
import { createGuard, type GuardOptions } from "./guard.ts";

/** A connection that asked for another protocol, past the guard, its caller known. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly principal: Principal;
  /** Hears what this caller may; returns the way to stop. */
  subscribe(listener: (event: ServerEvent) => void): () => void;
}

export interface UpgradeOptions extends GuardOptions {
  readonly auth?: HttpAuth | undefined;
  readonly subscribe: (principal: Principal, listener: (event: ServerEvent) => void) => () => void;
  readonly onUpgrade: (upgrade: Upgrade) => void;
  readonly stopping: AbortSignal;
}

/** The same Host, Origin and credential checks as for every request, before anything is taken over. */
export function upgradeHandler(options: UpgradeOptions) {
  const guard = createGuard(options);
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on("error", () => undefined);
    const refuse = (status: number) =>
      void socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers))
      headers.set(name, [value ?? ""].flat().join(", "));
    if (options.stopping.aborted) return refuse(503);
    const refused = guard.checkOrigin(headers) ?? guard.checkHost(headers);
    if (refused !== undefined) return refuse(refused.status);
    const peer = request.socket.remoteAddress;
    const asked = options.auth?.authenticate(headers, peer) ?? anonymousPrincipal;
    Promise.resolve(asked).then(
      (principal) => {
        const subscribe = (listener: (event: ServerEvent) => void) => options.subscribe(principal, listener);
        options.onUpgrade({ request, socket, head, principal, subscribe });
      },
      (error) => refuse(errorCodes[asToolError(error).code].status),
    );
    return undefined;
  };
}
