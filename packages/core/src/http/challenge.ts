import type { HttpAuth } from "./authentication.ts";

/** Where RFC 9728 puts the metadata of a resource: the well-known name goes before the path. */
export function metadataPath(mcpPath: string): string {
  return `/.well-known/oauth-protected-resource${mcpPath === "/" ? "" : mcpPath}`;
}

/** The RFC 9728 document of this server. */
export function resourceMetadata(name: string, resource: string, oauth: NonNullable<HttpAuth["oauth"]>) {
  return {
    resource,
    authorization_servers: [...oauth.authorizationServers],
    bearer_methods_supported: ["header"],
    resource_name: name,
    ...(oauth.scopes?.length ? { scopes_supported: [...oauth.scopes] } : {}),
  };
}

export interface Challenge {
  readonly realm: string;
  readonly error?: "invalid_token" | "insufficient_scope";
  readonly scopes?: readonly string[];
  readonly metadataUrl?: string | undefined;
}

/** The value of a WWW-Authenticate header. */
export function wwwAuthenticate(challenge: Challenge): string {
  const parameters = [
    ["realm", challenge.realm],
    ["error", challenge.error],
    ["scope", challenge.scopes?.length ? challenge.scopes.join(" ") : undefined],
    ["resource_metadata", challenge.metadataUrl],
  ] as const;
  const written = parameters
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}="${String(value).replace(/["\\\r\n]/g, "")}"`);
  return `Bearer ${written.join(", ")}`;
}
