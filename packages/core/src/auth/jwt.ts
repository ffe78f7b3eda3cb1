import type { JSONWebKeySet, JWTPayload } from "jose";
import { ToolError } from "../error/tool-error.ts";
import { authRequired } from "./auth-required.ts";
import { type RemoteKeysOptions, remoteKeys } from "./jwks.ts";
import type { Principal } from "./principal.ts";

export interface JwtOptions extends RemoteKeysOptions {
  readonly issuer: string;
  /** Any one of them must be in `aud`. */
  readonly audience: string | readonly string[];
  /** The issuer's key set: where it is published, or itself. */
  readonly jwks: URL | JSONWebKeySet;
  /** Asymmetric ones only. */
  readonly algorithms?: readonly string[];
  readonly clockToleranceSeconds?: number;
  /** Claims that grant scopes, as a space-separated text or a list; all that are there count. */
  readonly scopeClaims?: readonly string[];
  readonly tenantClaim?: string;
  readonly now?: () => number;
}

export interface JwtVerifier {
  /** AUTH_REQUIRED for every token that is not wholly right. */
  verify(token: string): Promise<Principal>;
}

const defaultJwtAlgorithms: readonly string[] = ["RS256", "ES256", "EdDSA"];

const asymmetric = /^(?:RS|PS|ES)(?:256|384|512)$|^EdDSA$|^Ed25519$/;
const maxTokenChars = 16_384;
const maxSubjectChars = 256;

/** CONFIG_ERROR when an algorithm is symmetric or unknown, or a local key set is none. */
export function createJwtVerifier(options: JwtOptions): JwtVerifier {
  const algorithms = options.algorithms ?? defaultJwtAlgorithms;
  const unfit = algorithms.findIndex((name) => !asymmetric.test(name));
  if (unfit >= 0 || algorithms.length === 0) {
    throw new ToolError("CONFIG_ERROR", "auth.jwt.algorithms: only asymmetric signatures are accepted.", {
      hint: "Choose among RS256, PS256, ES256 (and their 384 and 512 forms) and EdDSA.",
    });
  }
  if (!(options.jwks instanceof URL) && !Array.isArray(options.jwks.keys)) {
    throw new ToolError("CONFIG_ERROR", "auth.jwt: the key set has no list of keys.");
  }
  const now = options.now ?? Date.now;
  // Loaded by the first token: a server without token auth never pays for it.
  const load = async () => {
    const { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify } = await import("jose");
    const { jwks } = options;
    const keys =
      jwks instanceof URL ? remoteKeys(createRemoteJWKSet, jwks, options) : createLocalJWKSet(jwks);
    return { errors, jwtVerify, keys };
  };
  let loaded: ReturnType<typeof load> | undefined;

  return {
    async verify(token) {
      if (token.length > maxTokenChars) throw authRequired("invalid");
      loaded ??= load();
      const { errors, jwtVerify, keys } = await loaded;
      let payload: JWTPayload;
      try {
        const verified = await jwtVerify(token, keys, {
          issuer: options.issuer,
          audience: [options.audience].flat(),
          algorithms: [...algorithms],
          clockTolerance: options.clockToleranceSeconds ?? 5,
          currentDate: new Date(now()),
          requiredClaims: ["sub", "exp"],
        });
        payload = verified.payload;
      } catch (cause) {
        throw authRequired(reasonOf(cause, errors), cause);
      }
      return principalOf(payload, options);
    },
  };
}

function principalOf(payload: JWTPayload, options: JwtOptions): Principal {
  const { sub } = payload;
  if (typeof sub !== "string" || sub === "" || sub.length > maxSubjectChars) throw authRequired("invalid");
  const tenant = options.tenantClaim === undefined ? undefined : payload[options.tenantClaim];
  // A token without the tenant that rules rely on must not pass as one of no tenant.
  if (options.tenantClaim !== undefined && (typeof tenant !== "string" || tenant === "")) {
    throw authRequired("invalid");
  }
  return {
    id: `jwt:${sub}`,
    scopes: scopesOf(payload, options.scopeClaims ?? ["scope", "scp"]),
    method: "jwt",
    ...(typeof tenant === "string" ? { tenant } : {}),
    claims: payload,
  };
}

function scopesOf(payload: JWTPayload, claims: readonly string[]): string[] {
  const scopes = claims.flatMap((claim) => {
    const value = payload[claim];
    if (typeof value === "string") return value.split(/\s+/);
    return Array.isArray(value) ? value.filter((scope) => typeof scope === "string") : [];
  });
  // `*` grants everything here, and an issuer that lets clients ask for any scope does not mean that.
  return [...new Set(scopes)].filter((scope) => scope !== "" && scope !== "*");
}

function reasonOf(cause: unknown, errors: typeof import("jose").errors) {
  if (cause instanceof errors.JWTExpired) return "expired";
  const isTokensFault =
    cause instanceof errors.JOSEError &&
    !(cause instanceof errors.JWKSTimeout) &&
    !(cause instanceof errors.JWKSInvalid) &&
    cause.code !== "ERR_JOSE_GENERIC";
  return isTokensFault ? "invalid" : "keys_unavailable";
}
