import type { ApiKeys } from "./api-keys.ts";
import { authRequired } from "./auth-required.ts";
import type { JwtVerifier } from "./jwt.ts";
import type { Principal } from "./principal.ts";
import type { TrustedProxy } from "./trusted-proxy.ts";

export interface AuthMethods {
  readonly apiKeys?: ApiKeys | undefined;
  readonly jwt?: JwtVerifier | undefined;
  readonly trustedProxy?: TrustedProxy | undefined;
}

interface HeaderReader {
  get(name: string): string | null;
}

export interface Authenticator {
  /** AUTH_REQUIRED unless exactly one credential was sent and a configured method vouches for it. */
  authenticate(headers: HeaderReader, peer?: string): Promise<Principal>;
}

const bearer = /^bearer +([\x21-\x7e]+) *$/i;
const jwtShape = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** Fails closed: with no method configured nobody gets in. */
export function createAuthenticator(methods: AuthMethods): Authenticator {
  return {
    async authenticate(headers, peer) {
      const named = methods.trustedProxy?.principalOf(headers, peer);
      if (named !== undefined) return named;
      const authorization = headers.get("authorization");
      const apiKey = headers.get("x-api-key");
      if (authorization === null && apiKey === null) throw authRequired("missing");
      if (authorization !== null && apiKey !== null) throw authRequired("ambiguous");
      const token = apiKey ?? bearer.exec(authorization ?? "")?.[1];
      if (token === undefined) throw authRequired("invalid");
      // A token is judged by one method only; what fails as a JWT is not tried as a key.
      if (apiKey === null && methods.jwt !== undefined && jwtShape.test(token))
        return methods.jwt.verify(token);
      const principal = await methods.apiKeys?.verify(token);
      if (principal === undefined) throw authRequired("invalid");
      return principal;
    },
  };
}
