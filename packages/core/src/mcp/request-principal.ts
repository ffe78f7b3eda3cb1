import type { AuthInfo, ServerContext } from "@modelcontextprotocol/server";
import type { Principal } from "../auth/principal.ts";

/** How a principal travels through the SDK to a request's handler. */
export function carryPrincipal(principal: Principal): AuthInfo {
  return { token: "", clientId: principal.id, scopes: [...principal.scopes], extra: { principal } };
}

/** Each request brings its own: a session outlives a change of its caller's scopes. */
export function carriedPrincipal(ctx: ServerContext): Principal {
  const principal = ctx.http?.authInfo?.extra?.principal;
  if (principal === undefined) throw new Error("a request reached a handler without a principal");
  return principal as Principal;
}
