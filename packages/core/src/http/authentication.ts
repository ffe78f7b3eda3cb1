import type { Principal } from "../auth/principal.ts";

/** How the HTTP server learns who calls. */
export interface HttpAuth {
  /**
   * Decides from the headers, and where a trusted proxy matters the peer's address.
   * Throws a ToolError: AUTH_REQUIRED (401) or PERMISSION_DENIED (403).
   */
  authenticate(headers: Headers, peer: string | undefined): Principal | Promise<Principal>;
  /** Scopes every request needs, whatever it calls; a caller without them gets 403 insufficient_scope. */
  readonly requiredScopes?: readonly string[];
  /** Present when tokens come from an authorization server; published as RFC 9728 metadata. */
  readonly oauth?: {
    readonly authorizationServers: readonly string[];
    readonly scopes?: readonly string[];
  };
}

/** Who calls a loopback server that was configured without authentication. */
export const anonymousPrincipal: Principal = { id: "anonymous", scopes: ["*"], method: "anonymous" };
