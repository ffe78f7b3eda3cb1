/** Who calls: the local user on stdio, or what an API key, a token or a trusted proxy said. */
export interface Principal {
  /** Stable and unique per caller; the key of quotas, cursors and audit. */
  readonly id: string;
  /** Granted scopes; `*` grants every scope. */
  readonly scopes: readonly string[];
  readonly tenant?: string;
  readonly method: "local" | "anonymous" | "api_key" | "jwt" | "proxy";
  /** Verified token claims or the API key's configured attributes; never arguments of a call. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** The person who started the process over stdio. */
export const localPrincipal: Principal = { id: "local", scopes: ["*"], method: "local" };
