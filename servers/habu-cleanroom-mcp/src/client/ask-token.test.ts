import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Secret } from "@mcp-data/core";
import { expect, onTestFinished, test } from "vitest";
import { askToken } from "./ask-token.ts";
import { createTransport } from "./transport.ts";

const secret = "planted-client-secret";

/** Asks a token endpoint that gives this one answer. */
async function ask(status: number, body: string, headers: Record<string, string> = {}) {
  const seen: { authorization: string | undefined; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    seen.push({ authorization: request.headers.authorization, body: text });
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const transport = createTransport({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
  });
  onTestFinished(() => {
    transport.close();
    server.close();
  });
  const outcome = await askToken(transport, "client", new Secret(secret)).catch((error: unknown) => error);
  return { outcome, seen };
}

test("asks once with the Basic header and takes the reply's token and times, whichever it carries", async () => {
  const whole = await ask(
    200,
    JSON.stringify({ accessToken: "t", expiresIn: 60, expiresAt: "2026-01-01T00:00:00Z" }),
  );
  expect(whole.outcome).toEqual({ accessToken: "t", expiresIn: 60, expiresAt: "2026-01-01T00:00:00Z" });
  expect(whole.seen).toEqual([
    {
      authorization: `Basic ${Buffer.from(`client:${secret}`).toString("base64")}`,
      body: "grant_type=client_credentials",
    },
  ]);
  const bare = await ask(200, JSON.stringify({ accessToken: "t", expiresIn: "60", expiresAt: 7 }));
  expect(bare.outcome).toEqual({ accessToken: "t", expiresIn: undefined, expiresAt: undefined });
});

test.each([
  [401, '{"message":"Client authentication failed."}', "AUTH_REQUIRED", "AUTH_REJECTED", "no"],
  [400, "", "AUTH_REQUIRED", "AUTH_REJECTED", "no"],
  [429, "", "RATE_LIMITED", "TOKEN_BUDGET", "no"],
  [500, "not JSON", "UPSTREAM_ERROR", "UPSTREAM_UNAVAILABLE", "unknown"],
  // It may have counted a token although none arrived.
  [200, "[]", "UPSTREAM_ERROR", "UPSTREAM_UNAVAILABLE", "unknown"],
  [200, "null", "UPSTREAM_ERROR", "UPSTREAM_UNAVAILABLE", "unknown"],
  [200, '{"accessToken":""}', "UPSTREAM_ERROR", "UPSTREAM_UNAVAILABLE", "unknown"],
] as const)(
  "HTTP %s %s is %s, with whether a token may have been spent",
  async (status, body, code, reason, applied) => {
    const { outcome } = await ask(status, body);
    expect(outcome).toMatchObject({ code, details: { reason, applied, http_status: status } });
    expect(JSON.stringify([outcome, (outcome as Error).message])).not.toContain(secret);
  },
);

test("an endpoint that repeats the secret does not get it into the error", async () => {
  const { outcome } = await ask(
    401,
    JSON.stringify({
      message: `${secret} is wrong, ${Buffer.from(`client:${secret}`).toString("base64")} too`,
    }),
  );
  expect(outcome).toMatchObject({ message: expect.stringContaining('"[secret] is wrong, [secret] too"') });
});

test("a refusal repeats what the platform said; a spent budget says when to come back", async () => {
  expect((await ask(401, '{"message":"Client is disabled."}')).outcome).toMatchObject({
    message: expect.stringContaining('It said: "Client is disabled."'),
  });
  expect((await ask(429, "")).outcome).toMatchObject({ retryAfterMs: 3_600_000 });
  expect((await ask(429, "", { "retry-after": "7" })).outcome).toMatchObject({ retryAfterMs: 7_000 });
});
