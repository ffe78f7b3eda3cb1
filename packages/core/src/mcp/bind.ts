import type { McpServer, Server, ServerContext } from "@modelcontextprotocol/server";
import type { Principal } from "../auth/principal.ts";
import type { ServerEvent } from "../http/events.ts";

export type Era = "legacy" | "modern";
export type PrincipalOf = (ctx: ServerContext) => Principal;

/** One connection's, or one request's, protocol server. */
export interface BoundServer {
  readonly server: Server | McpServer;
  /** Tells the client, if the principal may hear it and, in the 2025 era, subscribed to it. */
  tell(event: ServerEvent, principal: Principal): void;
}

/** Makes a protocol server for a connection; cheap, as HTTP makes one per request. */
export type BindServer = (era: Era, principalOf: PrincipalOf) => BoundServer;
