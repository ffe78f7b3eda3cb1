import { createSign, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connectV1 } from "@mcp-data/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Operation, permissions, type Role, roles } from "../src/library/roles.ts";
import { keyOf, serveTeam } from "./support/serve.ts";

// Every cell of method × role × operation, over HTTP with a real client.

const proxySecret = "a-long-proxy-secret";
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const jwks = createServer((_request, response) =>
  response.setHeader("content-type", "application/json").end(
    JSON.stringify({
      keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k1", alg: "RS256", use: "sig" }],
    }),
  ),
);
let jwksUrl = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => jwks.listen(0, "127.0.0.1", resolve));
  jwksUrl = `http://127.0.0.1:${(jwks.address() as AddressInfo).port}/jwks.json`;
});
afterAll(() => new Promise((resolve) => jwks.close(resolve)));

const issuer = "https://issuer.example";
function token(sub: string, more: object = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: issuer,
    aud: "jq-data",
    sub,
    iat: now,
    exp: now + 300,
    scope: "data:read data:write",
    ...more,
  };
  const text = `${part({ alg: "RS256", kid: "k1", typ: "JWT" })}.${part(claims)}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(privateKey, "base64url")}`;
}

const person: Record<Role, string> = { user: "ann", admin: "bob", owner: "owner" };
const methods = {
  "API key": {
    prefix: "key",
    auth: () => undefined,
    headers: (who: string) => ({ "x-api-key": keyOf(who) }),
  },
  JWT: {
    prefix: "jwt",
    auth: () => ({ jwt: { issuer, audience: "jq-data", jwks_url: jwksUrl } }),
    headers: (who: string) => ({ authorization: `Bearer ${token(who)}` }),
  },
  "trusted proxy": {
    prefix: "proxy",
    auth: () => ({ trusted_proxy: { secret: proxySecret } }),
    headers: (who: string) => ({ "x-user-id": who, "x-proxy-secret": proxySecret }),
  },
} as const;

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever a tool gives
type Answer = any;
type Call = (tool: string, args?: object) => Promise<Answer>;

describe.each(Object.entries(methods))("%s", (_name, { prefix, auth, headers }) => {
  test.each(roles)("%s: may do exactly what the table says", async (role) => {
    const id = (who: string) => `${prefix}:${who}`;
    const own = auth();
    await using server = await serveTeam({
      ...(own === undefined ? {} : { auth: own }),
      team: { threshold: 9, owners: [id("owner")], admins: [id("bob")] },
    });
    const open = async (who: string) => {
      const connected = await connectV1({ url: server.url, headers: headers(who) });
      const call: Call = async (name, args = {}) => {
        const result = await connected.client.callTool({ name, arguments: args as Record<string, unknown> });
        return JSON.parse((result.content as { text: string }[])[0]?.text ?? "{}");
      };
      return { call, [Symbol.asyncDispose]: () => connected[Symbol.asyncDispose]() };
    };
    await using me = await open(person[role]);
    await using other = await open("dee");
    const { call } = me;
    const proposal = async (by: Call, name: string) =>
      (await by("propose_tool", { name, program: "length", justification: "needed" })).data?.id;
    const theirs = await proposal(other.call, "theirs");
    const someone = id("dee");

    const attempts: Record<Operation, () => Promise<Answer>> = {
      read: () => call("search_library", { query: "trend" }),
      run: () => call("run_tool", { name: "trend_analysis", dataset: "metrics" }),
      propose: () => call("propose_tool", { name: "mine", program: "length", justification: "needed" }),
      vote: () => call("vote", { proposal_id: theirs, vote: "approve" }),
      withdraw_own: async () => call("withdraw_proposal", { proposal_id: await proposal(call, "own") }),
      withdraw_any: () => call("withdraw_proposal", { proposal_id: theirs }),
      manage: () => call("manage_library", { action: "create", tool: { name: `put_${role}`, program: "." } }),
      import: () => call("import_library", { tools: [{ name: "imported", program: "." }] }),
      sync: () => call("sync_now"),
      resolve: () => call("resolve_conflict"),
      see_users: () => call("manage_users"),
      see_everyones_runs: async () => {
        const answer = await call("get_metrics", { tool: "trend_analysis" });
        return answer.data.by_user === undefined ? { error: { code: "PERMISSION_DENIED" } } : answer;
      },
      set_role_user: () => call("manage_users", { user: someone, role: "user" }),
      set_role_admin: () => call("manage_users", { user: someone, role: "admin" }),
      set_role_owner: () => call("manage_users", { user: someone, role: "owner" }),
    };
    const told: Record<string, boolean> = {};
    for (const [operation, attempt] of Object.entries(attempts)) {
      const { error } = await attempt();
      if (error !== undefined && operation !== "sync")
        expect(error.code, operation).toBe("PERMISSION_DENIED");
      told[operation] = error?.code !== "PERMISSION_DENIED";
    }
    const table = Object.entries(permissions).map(([operation, who]) => [
      operation,
      (who as readonly string[]).includes(role),
    ]);
    expect(told).toEqual(Object.fromEntries(table));
  });
});

test("a scope that is missing is missing for owners too: the tools do not exist for them", async () => {
  await using server = await serveTeam({
    auth: { jwt: { issuer, audience: "jq-data", jwks_url: jwksUrl } },
    team: { owners: ["jwt:owner"] },
  });
  const authorization = `Bearer ${token("owner", { scope: "data:read" })}`;
  await using reader = await connectV1({ url: server.url, headers: { authorization } });
  const names = (await reader.client.listTools()).tools.map(({ name }) => name);
  expect(names).toContain("query");
  expect(names).toContain("t_trend_analysis");
  expect(names).not.toContain("manage_library");
  expect(names).not.toContain("vote");
  await expect(
    reader.client.callTool({ name: "manage_users", arguments: { user: "jwt:a", role: "owner" } }),
  ).rejects.toMatchObject({ code: -32602 });
  const voted = await fetch(`${server.base}/ui/vote`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({ proposal_id: "p", vote: "approve" }),
  });
  expect(voted.status).toBe(403);
});

test("nobody is somebody else: forged, foreign, expired and borrowed identities", async () => {
  await using server = await serveTeam({
    auth: {
      jwt: { issuer, audience: "jq-data", jwks_url: jwksUrl },
      trusted_proxy: { secret: proxySecret },
    },
    team: { owners: ["proxy:owner", "jwt:owner"] },
  });
  const good = token("ann");
  const forged = `${good.split(".").slice(0, 2).join(".")}.${"A".repeat(342)}`;
  const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${good.split(".")[1]}.`;
  const attempts: Record<string, string>[] = [
    { "x-user-id": "owner" },
    { "x-user-id": "owner", "x-proxy-secret": "wrong" },
    { "x-user-id": "owner, ann", "x-proxy-secret": proxySecret },
    { "x-user-id": "<script>", "x-proxy-secret": proxySecret },
    { authorization: `Bearer ${forged}` },
    { authorization: `Bearer ${none}` },
    { authorization: `Bearer ${token("ann", { aud: "another" })}` },
    { authorization: `Bearer ${token("ann", { iss: "https://evil.example" })}` },
    { authorization: `Bearer ${token("ann", { exp: 1 })}` },
    { "x-api-key": keyOf("owner") },
  ];
  for (const headers of attempts)
    expect((await fetch(`${server.base}/ui/data`, { headers })).status, JSON.stringify(headers)).toBe(401);
  // A header of the proxy's beside a token of one's own does not make one somebody else.
  const both = await fetch(`${server.base}/ui/data`, {
    headers: { authorization: `Bearer ${good}`, "x-user-id": "owner" },
  });
  expect(((await both.json()) as Answer).user).toEqual({ id: "jwt:ann", role: "user" });
});
