import { type ApiKeyEntry, createApiKeys } from "./api-keys.ts";
import { type Authenticator, createAuthenticator } from "./authenticate.ts";
import { createJwtVerifier } from "./jwt.ts";
import { createTrustedProxy, type TrustedProxySettings } from "./trusted-proxy.ts";

export interface ConfiguredAuth extends Authenticator {
  readonly requiredScopes?: readonly string[];
  readonly oauth?: { readonly authorizationServers: readonly string[]; readonly scopes?: readonly string[] };
}

/** The `auth` part of a configuration. */
export interface AuthSettings {
  readonly api_keys?: readonly ApiKeyEntry[] | undefined;
  readonly jwt?:
    | {
        readonly issuer: string;
        readonly audience: string | readonly string[];
        readonly jwks_url: string;
        readonly algorithms?: readonly string[] | undefined;
        readonly scope_claim?: string | undefined;
        readonly tenant_claim?: string | undefined;
        readonly clock_tolerance_seconds?: number | undefined;
      }
    | undefined;
  readonly trusted_proxy?: TrustedProxySettings | undefined;
  readonly required_scopes?: readonly string[] | undefined;
}

/** What the settings say about who may call; undefined when they name no method. CONFIG_ERROR on unfit ones. */
export function openAuth(settings: AuthSettings | undefined): ConfiguredAuth | undefined {
  const { api_keys, jwt, trusted_proxy, required_scopes } = settings ?? {};
  if (api_keys === undefined && jwt === undefined && trusted_proxy === undefined) return undefined;
  const authenticator = createAuthenticator({
    trustedProxy: trusted_proxy === undefined ? undefined : createTrustedProxy(trusted_proxy),
    apiKeys: api_keys === undefined ? undefined : createApiKeys(api_keys),
    jwt:
      jwt === undefined
        ? undefined
        : createJwtVerifier({
            issuer: jwt.issuer,
            audience: jwt.audience,
            jwks: new URL(jwt.jwks_url),
            ...(jwt.algorithms === undefined ? {} : { algorithms: jwt.algorithms }),
            ...(jwt.scope_claim === undefined ? {} : { scopeClaims: [jwt.scope_claim] }),
            ...(jwt.tenant_claim === undefined ? {} : { tenantClaim: jwt.tenant_claim }),
            ...(jwt.clock_tolerance_seconds === undefined
              ? {}
              : { clockToleranceSeconds: jwt.clock_tolerance_seconds }),
          }),
  });
  return {
    ...authenticator,
    ...(required_scopes === undefined ? {} : { requiredScopes: required_scopes }),
    ...(jwt === undefined
      ? {}
      : {
          oauth: {
            authorizationServers: [jwt.issuer],
            ...(required_scopes === undefined ? {} : { scopes: required_scopes }),
          },
        }),
  };
}
