import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Principal } from "../auth/principal.ts";
import { missingScopes } from "../auth/scopes.ts";
import { errorCodes } from "../error/codes.ts";
import { asToolError } from "../error/to-failure.ts";
import { ToolError } from "../error/tool-error.ts";
import type { Logger } from "../log/logger.ts";
import { anonymousPrincipal, type HttpAuth } from "./authentication.ts";
import type { ServerEvent } from "./events.ts";
import { createGuard, type GuardOptions } from "./guard.ts";
import type { Metrics } from "./metrics.ts";
import type { Places } from "./places.ts";

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
  /** Shared by all kinds of event stream. */
  readonly streamPlaces: Places;
  readonly metrics: Metrics;
  readonly stopping: AbortSignal;
  readonly log: Logger;
}

/** The same Host, Origin, credential and scope checks as for every request, before anything is taken over. */
export function upgradeHandler(options: UpgradeOptions) {
  const guard = createGuard(options);
  const { auth, log, metrics, stopping } = options;

  const authenticate = async (headers: Headers, peer: string | undefined): Promise<Principal> => {
    if (auth === undefined) return anonymousPrincipal;
    const principal = await auth.authenticate(headers, peer);
    if (missingScopes(principal, auth.requiredScopes ?? []).length === 0) return principal;
    throw new ToolError("PERMISSION_DENIED", "The credential lacks a scope this server requires.");
  };

  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on("error", () => undefined);
    const refuse = (status: number) => {
      // A client that keeps its side open would keep ours.
      socket.once("finish", () => socket.destroy());
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    };
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers))
      headers.set(name, [value ?? ""].flat().join(", "));
    if (stopping.aborted) {
      refuse(503);
      return;
    }
    const refused = guard.checkOrigin(headers) ?? guard.checkHost(headers);
    if (refused !== undefined) {
      refuse(refused.status);
      return;
    }
    const takeOver = (principal: Principal) => {
      const leave = stopping.aborted ? undefined : options.streamPlaces.take(principal.id);
      if (leave === undefined) {
        refuse(503);
        return;
      }
      metrics.streams.inc();
      const end = () => void socket.destroy();
      stopping.addEventListener("abort", end, { once: true });
      socket.once("close", () => {
        stopping.removeEventListener("abort", end);
        metrics.streams.dec();
        leave();
      });
      const subscribe = (listener: (event: ServerEvent) => void) => options.subscribe(principal, listener);
      options.onUpgrade({ request, socket, head, principal, subscribe });
    };
    authenticate(headers, request.socket.remoteAddress)
      .then(takeOver, (thrown) => {
        const { code } = asToolError(thrown);
        if (code === "INTERNAL_ERROR") log.error("authentication failed unexpectedly", { err: thrown });
        refuse(errorCodes[code].status);
      })
      .catch((err) => {
        log.error("a connection could not be taken over", { err });
        socket.destroy();
      });
  };
}
