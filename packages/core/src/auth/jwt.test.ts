import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import {
  type CryptoKey,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  SignJWT,
} from "jose";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createJwtVerifier, type JwtOptions } from "./jwt.ts";

const issuer = "https://issuer.example";
const audience = "https://mcp.example/mcp";
const now = Date.parse("2026-03-01T12:00:00Z");
const seconds = now / 1_000;

interface KeyPair {
  readonly kid: string;
  readonly alg: string;
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

async function keyPair(kid: string, alg: string): Promise<KeyPair> {
  const pair = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, ...pair, jwk: { ...(await exportJWK(pair.publicKey)), kid, alg, use: "sig" } };
}

let first: KeyPair;
let second: KeyPair;
let ec: KeyPair;
beforeAll(async () => {
  [first, second, ec] = await Promise.all([
    keyPair("k1", "RS256"),
    keyPair("k2", "RS256"),
    keyPair("k3", "ES256"),
  ]);
});

let server: Server;
let published: JWK[];
let fetches: number;
let answer: "keys" | "error" | "html" | "slow" | "redirect";
beforeEach(async () => {
  published = [first.jwk, ec.jwk];
  fetches = 0;
  answer = "keys";
  server = createServer((_request, response) => {
    fetches += 1;
    if (answer === "slow") return;
    if (answer === "html") return void response.end("<html>hunter2</html>");
    if (answer === "redirect") return void response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
    response.statusCode = answer === "error" ? 500 : 200;
    response.end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const jwksUrl = () => new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`);
const verifier = (options: Partial<JwtOptions> = {}) =>
  createJwtVerifier({ issuer, audience, jwks: jwksUrl(), now: () => now, ...options });

const claims: JWTPayload = { iss: issuer, aud: audience, sub: "ann", exp: seconds + 60, iat: seconds - 60 };
function sign(payload: Record<string, unknown> = {}, key: KeyPair = first, header: object = {}) {
  return new SignJWT({ ...claims, ...payload })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
    .sign(key.privateKey);
}
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const refused = (reason: string) => expect.objectContaining({ code: "AUTH_REQUIRED", details: { reason } });

test("a right token becomes a principal with its claims", async () => {
  const principal = await verifier().verify(
    await sign({ scope: "data:read data:write", project_id: "shop" }),
  );
  expect(principal).toMatchObject({
    id: "jwt:ann",
    method: "jwt",
    scopes: ["data:read", "data:write"],
    claims: { project_id: "shop", sub: "ann" },
  });
  expect((await verifier().verify(await sign({}, ec))).id).toBe("jwt:ann");
  expect(fetches).toBe(2);
});

test.each<[string, Record<string, unknown>, string]>([
  ["another issuer", { iss: "https://evil.example" }, "invalid"],
  ["no issuer", { iss: undefined }, "invalid"],
  ["another audience", { aud: "https://other.example" }, "invalid"],
  ["no audience", { aud: undefined }, "invalid"],
  ["an old one", { exp: seconds - 6 }, "expired"],
  ["no expiry", { exp: undefined }, "invalid"],
  ["an expiry that is text", { exp: "2099" }, "invalid"],
  ["one not valid yet", { nbf: seconds + 60 }, "invalid"],
  ["no subject", { sub: undefined }, "invalid"],
  ["an empty subject", { sub: "" }, "invalid"],
  ["a huge subject", { sub: "x".repeat(300) }, "invalid"],
  ["a subject that is no text", { sub: 5 }, "invalid"],
])("refused: %s", async (_, payload, reason) => {
  await expect(verifier().verify(await sign(payload))).rejects.toThrow(refused(reason));
});

test("one of several audiences is enough, and clocks may differ by the tolerance", async () => {
  await verifier({ audience: ["https://a.example", audience] }).verify(await sign());
  await verifier().verify(await sign({ aud: ["https://other.example", audience] }));
  await verifier().verify(await sign({ exp: seconds - 4 }));
  await verifier({ clockToleranceSeconds: 60 }).verify(await sign({ exp: seconds - 59, nbf: seconds + 59 }));
  await expect(verifier({ clockToleranceSeconds: 0 }).verify(await sign({ exp: seconds }))).rejects.toThrow(
    refused("expired"),
  );
});

test("alg none, and a public key used as an HMAC secret, are refused", async () => {
  const body = encode({ ...claims });
  for (const alg of ["none", "None", "NONE", ""]) {
    await expect(verifier().verify(`${encode({ alg, kid: "k1" })}.${body}.`)).rejects.toThrow(
      refused("invalid"),
    );
  }
  for (const secret of [await exportSPKI(first.publicKey), JSON.stringify(first.jwk), first.jwk.n ?? ""]) {
    const signed = `${encode({ alg: "HS256", kid: "k1" })}.${body}`;
    const mac = createHmac("sha256", secret).update(signed).digest("base64url");
    await expect(verifier().verify(`${signed}.${mac}`)).rejects.toThrow(refused("invalid"));
  }
});

test("a symmetric algorithm cannot be configured, nor none at all", () => {
  for (const algorithms of [["HS256"], ["RS256", "none"], ["dir"], []]) {
    expect(() => verifier({ algorithms })).toThrow(expect.objectContaining({ code: "CONFIG_ERROR" }));
  }
});

test("only listed algorithms count, though the key is right", async () => {
  await expect(verifier({ algorithms: ["RS256"] }).verify(await sign({}, ec))).rejects.toThrow(
    refused("invalid"),
  );
  await expect(verifier({ algorithms: ["PS256"] }).verify(await sign())).rejects.toThrow(refused("invalid"));
});

test("keys a token brings along are ignored", async () => {
  const mallory = await keyPair("k1", "RS256");
  for (const header of [
    { jwk: mallory.jwk },
    { jku: "http://evil.example/jwks" },
    { x5u: "http://evil.example" },
  ]) {
    await expect(verifier().verify(await sign({}, mallory, header))).rejects.toThrow(refused("invalid"));
  }
});

test("junk and altered tokens are refused without a word of theirs", async () => {
  const token = await sign();
  const [header = "", payload = "", signature = ""] = token.split(".");
  const swapped = encode({ ...claims, sub: "root" });
  for (const junk of [
    "",
    ".",
    "..",
    "a.b.c",
    "hunter2",
    `${header}.${swapped}.${signature}`,
    `${header}.${payload}.`,
    `${token}.x`,
    "x".repeat(50_000),
  ]) {
    const error = await verifier()
      .verify(junk)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "AUTH_REQUIRED", message: "The credential is not valid." });
  }
});

test("no inner text reaches the caller's part of the error", async () => {
  answer = "html";
  const error = await verifier()
    .verify(await sign())
    .catch((thrown: Error) => thrown);
  if (!(error instanceof Error)) throw new Error("accepted");
  expect(error).toMatchObject(refused("keys_unavailable"));
  const { message, hint, details } = error as Error & { hint: string; details: object };
  expect(inspect({ message, hint, details })).not.toMatch(/hunter2|127\.0\.0\.1|JSON|jose/i);
});

test("scopes: text, list, several claims, configured claims; never a star", async () => {
  const scopes = async (payload: Record<string, unknown>, options: Partial<JwtOptions> = {}) =>
    (await verifier(options).verify(await sign(payload))).scopes;
  expect(await scopes({})).toEqual([]);
  expect(await scopes({ scp: ["a", "b", 5, "a"] })).toEqual(["a", "b"]);
  expect(await scopes({ scope: " a  b ", scp: "c" })).toEqual(["a", "b", "c"]);
  expect(await scopes({ scope: "a", permissions: ["p"] }, { scopeClaims: ["permissions"] })).toEqual(["p"]);
  expect(await scopes({ scope: "* a", scp: ["*"] })).toEqual(["a"]);
  expect(await scopes({ scope: { a: 1 } })).toEqual([]);
});

test("a configured tenant claim must be there", async () => {
  const withTenant = verifier({ tenantClaim: "org" });
  expect(await withTenant.verify(await sign({ org: "acme" }))).toMatchObject({ tenant: "acme" });
  for (const org of [undefined, "", 5, null, ["acme"]]) {
    await expect(withTenant.verify(await sign({ org }))).rejects.toThrow(refused("invalid"));
  }
  expect(await verifier().verify(await sign({ org: "acme" }))).not.toHaveProperty("tenant");
});

test("rotation: a new key is fetched when it first appears, the old one ends with its publication", async () => {
  const rotating = verifier({ cooldownMs: 0, cacheMs: 60_000 });
  await rotating.verify(await sign());
  published = [second.jwk];
  await rotating.verify(await sign({}, second));
  expect(fetches).toBe(2);
  await expect(rotating.verify(await sign())).rejects.toThrow(refused("invalid"));
});

test("unknown key ids do not make a fetch each", async () => {
  const patient = verifier();
  await patient.verify(await sign());
  const stranger = await keyPair("unknown", "RS256");
  for (let i = 0; i < 20; i++) {
    await expect(patient.verify(await sign({}, { ...stranger, kid: `k${i + 10}` }))).rejects.toThrow(
      refused("invalid"),
    );
  }
  expect(fetches).toBe(1);
});

test("endpoint down: known keys go on, a fresh server refuses, recovers, and does not hammer it", async () => {
  const running = verifier();
  await running.verify(await sign());
  answer = "error";
  await running.verify(await sign());

  let time = now;
  const fresh = verifier({ now: () => time, failureCooldownMs: 1_000 });
  fetches = 0;
  for (let i = 0; i < 20; i++)
    await expect(fresh.verify(await sign())).rejects.toThrow(refused("keys_unavailable"));
  expect(fetches).toBe(1);
  answer = "keys";
  time += 1_000;
  await fresh.verify(await sign());
  expect(fetches).toBe(2);
});

test("nobody listening, a slow endpoint and a redirect are refusals in time", async () => {
  await expect(verifier({ jwks: new URL("http://127.0.0.1:1/") }).verify(await sign())).rejects.toThrow(
    refused("keys_unavailable"),
  );
  answer = "redirect";
  await expect(verifier().verify(await sign())).rejects.toThrow(refused("keys_unavailable"));
  answer = "slow";
  const slow = verifier({ fetchTimeoutMs: 100 });
  const started = performance.now();
  const many = await Promise.allSettled(Array.from({ length: 20 }, async () => slow.verify(await sign())));
  expect(many.every((one) => one.status === "rejected")).toBe(true);
  expect(performance.now() - started).toBeLessThan(1_500);
  expect(fetches).toBe(2);
});

test("a local key set needs no network", async () => {
  const local = verifier({ jwks: { keys: [first.jwk] } });
  expect((await local.verify(await sign())).id).toBe("jwt:ann");
  await expect(local.verify(await sign({}, second))).rejects.toThrow(refused("invalid"));
  expect(fetches).toBe(0);
  const none = {} as JSONWebKeySet;
  expect(() => verifier({ jwks: none })).toThrow(expect.objectContaining({ code: "CONFIG_ERROR" }));
});
