import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

export const allPermissions: readonly string[] = [
  ...[
    "cleanrooms",
    "cleanroomquestions",
    "cleanroomquestionruns",
    "cleanroompartners",
    "cleanroomusers",
    "credentials",
    "dataconnections",
    "questions",
  ].flatMap((noun) => [`read:${noun}`, `write:${noun}`, `delete:${noun}`]),
  "read:users",
];

export interface IssuedTokens {
  /** Undefined once two were granted in 24 hours. */
  grant(
    now: number,
  ): { accessToken: string; tokenType: string; expiresIn: number; expiresAt: string } | undefined;
  /** The permissions of a token that lives, or undefined. */
  open(token: string, now: number): readonly string[] | undefined;
  readonly granted: readonly number[];
  /** As after the secret was rotated. */
  revokeAll(): void;
}

const lifeMs = 12 * 3_600_000;
const dayMs = 24 * 3_600_000;

export function createIssuedTokens(clientId: string, permissions: readonly string[]): IssuedTokens {
  const key = randomBytes(32);
  const granted: number[] = [];
  let revokedBefore = 0;
  let serial = 0;
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const sign = (text: string) => createHmac("sha256", key).update(text).digest("base64url");
  return {
    granted,
    grant(now) {
      if (granted.filter((at) => at > now - dayMs).length >= 2) return undefined;
      granted.push(now);
      serial += 1;
      const iat = Math.floor(now / 1_000);
      const claims = {
        iss: "https://habu.us.auth0.com/",
        aud: "https://api.habu.com/v1",
        sub: `${clientId}@clients`,
        jti: serial,
        iat,
        exp: iat + lifeMs / 1_000,
        scope: permissions.join(" "),
        permissions,
      };
      const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
      return {
        accessToken: `${text}.${sign(text)}`,
        tokenType: "bearer",
        expiresIn: lifeMs / 1_000,
        expiresAt: new Date(now + lifeMs).toISOString().replace("Z", "+00:00"),
      };
    },
    open(token, now) {
      const [head = "", body = "", mac = ""] = token.split(".");
      const [given, expected] = [Buffer.from(mac), Buffer.from(sign(`${head}.${body}`))];
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as {
        exp: number;
        jti: number;
        permissions: string[];
      };
      return claims.exp * 1_000 > now && claims.jti > revokedBefore ? claims.permissions : undefined;
    },
    revokeAll() {
      revokedBefore = serial;
    },
  };
}
