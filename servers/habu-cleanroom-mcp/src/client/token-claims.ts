/** What the platform wrote into its token; read for advice, never verified and never trusted. */
export interface TokenClaims {
  /** Epoch milliseconds. */
  readonly expiresAt?: number;
  /** `verb:noun` words; absent when the token carries no such claim. */
  readonly permissions?: readonly string[];
}

export function readClaims(token: string): TokenClaims {
  const payload = parsed(token.split(".")[1] ?? "");
  const exp = payload.exp;
  const permissions = payload.permissions;
  return {
    ...(typeof exp === "number" && Number.isFinite(exp) ? { expiresAt: exp * 1_000 } : {}),
    ...(Array.isArray(permissions)
      ? { permissions: permissions.filter((word): word is string => typeof word === "string") }
      : {}),
  };
}

function parsed(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
