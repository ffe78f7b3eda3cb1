import { expect, test } from "vitest";
import { createApiKeys } from "./api-keys.ts";
import { authRequired } from "./auth-required.ts";
import { type AuthMethods, createAuthenticator } from "./authenticate.ts";
import { mintApiKey } from "./key-hash.ts";
import { openAuth } from "./open.ts";

const ann = mintApiKey();
const dotted = "one.two.three";
const apiKeys = createApiKeys([{ id: "ann", hash: ann.hash, scopes: [] }]);
const jwt = {
  verify: async (token: string) => {
    if (token !== "h.p.s") throw authRequired("expired");
    return { id: "jwt:bob", scopes: [], method: "jwt" as const };
  },
};
const both: AuthMethods = { apiKeys, jwt };
const ask = (headers: Record<string, string>, methods = both) =>
  createAuthenticator(methods).authenticate(new Headers(headers));
const refused = (reason: string) => expect.objectContaining({ code: "AUTH_REQUIRED", details: { reason } });

test("a key or a token, as bearer or in its own header", async () => {
  expect((await ask({ authorization: `Bearer ${ann.key}` })).id).toBe("key:ann");
  expect((await ask({ authorization: `bearer  ${ann.key} ` })).id).toBe("key:ann");
  expect((await ask({ "X-API-Key": ann.key })).id).toBe("key:ann");
  expect((await ask({ authorization: "Bearer h.p.s" })).id).toBe("jwt:bob");
});

test.each<[string, Record<string, string>, string]>([
  ["nothing", {}, "missing"],
  ["two credentials", { authorization: `Bearer ${ann.key}`, "x-api-key": ann.key }, "ambiguous"],
  ["an empty header", { authorization: "" }, "invalid"],
  ["no token", { authorization: "Bearer " }, "invalid"],
  [
    "another scheme",
    { authorization: `Basic ${Buffer.from(`ann:${ann.key}`).toString("base64")}` },
    "invalid",
  ],
  ["a bare key", { authorization: ann.key }, "invalid"],
  ["two tokens", { authorization: `Bearer ${ann.key} ${ann.key}` }, "invalid"],
  ["a joined header", { authorization: `Bearer ${ann.key}, Bearer ${ann.key}` }, "invalid"],
  ["an unknown key", { "x-api-key": mintApiKey().key }, "invalid"],
  ["a token where a key belongs", { "x-api-key": "h.p.s" }, "invalid"],
  ["a wrong token", { authorization: "Bearer a.b.c" }, "expired"],
])("refused: %s", async (_, headers, reason) => {
  await expect(ask(headers)).rejects.toThrow(refused(reason));
});

test("what fails as a token is not tried as a key", async () => {
  const tried: string[] = [];
  const spy = { verify: async (key: string) => void tried.push(key) as undefined };
  await expect(ask({ authorization: `Bearer ${dotted}` }, { apiKeys: spy, jwt })).rejects.toThrow(
    refused("expired"),
  );
  expect(tried).toEqual([]);
});

test("without token support a dotted text is a key like any other", async () => {
  const { createHash } = await import("node:crypto");
  const hash = `sha256:${createHash("sha256").update(dotted).digest("hex")}`;
  const keys = createApiKeys([{ id: "dots", hash, scopes: [] }]);
  expect((await ask({ authorization: `Bearer ${dotted}` }, { apiKeys: keys })).id).toBe("key:dots");
});

test("no method configured lets nobody in", async () => {
  for (const headers of [
    { authorization: `Bearer ${ann.key}` },
    { "x-api-key": ann.key },
    { authorization: "Bearer h.p.s" },
  ]) {
    await expect(ask(headers as Record<string, string>, {})).rejects.toThrow(refused("invalid"));
  }
});

test("settings: nothing, keys, tokens, and an empty list that shuts everybody out", async () => {
  expect(openAuth(undefined)).toBeUndefined();
  expect(openAuth({ required_scopes: ["a"] })).toBeUndefined();
  const auth = openAuth({
    api_keys: [{ id: "ann", hash: ann.hash, scopes: ["a"] }],
    jwt: { issuer: "https://issuer.example", audience: "x", jwks_url: "http://127.0.0.1:1/jwks" },
    required_scopes: ["a"],
  });
  expect(auth).toMatchObject({
    requiredScopes: ["a"],
    oauth: { authorizationServers: ["https://issuer.example"], scopes: ["a"] },
  });
  expect((await auth?.authenticate(new Headers({ "x-api-key": ann.key })))?.id).toBe("key:ann");
  await expect(auth?.authenticate(new Headers({ authorization: "Bearer h.p.s" }))).rejects.toThrow(
    refused("invalid"),
  );
  await expect(
    openAuth({ api_keys: [] })?.authenticate(new Headers({ "x-api-key": ann.key })),
  ).rejects.toThrow(refused("invalid"));
});
