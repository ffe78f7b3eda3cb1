import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterEach, expect, test } from "vitest";
import { createConfirmations } from "./confirmation.ts";
import { redisUsedHandles } from "./redis-used-handles.ts";
import { createTokenSigner } from "./signed-token.ts";

const clients: Redis[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});

function connect(url = process.env.TEST_REDIS_URL): Redis {
  if (url === undefined) {
    throw new Error(
      "TEST_REDIS_URL is not set; run: node scripts/services.mjs run -- npx vitest run packages/core/src/token",
    );
  }
  const client = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => null });
  client.on("error", () => undefined);
  clients.push(client);
  return client;
}

const keys = ["0123456789abcdef0123456789abcdef"];
const binding = { tool: "drop", principal: "key:ann", args: { schema: "tmp" } };

test("a handle is good once for all instances that share the key", async () => {
  const prefix = randomUUID();
  const instances = Array.from({ length: 3 }, () =>
    createConfirmations(createTokenSigner({ keys }), { used: redisUsedHandles(connect(), prefix) }),
  );
  const handle = instances[0]?.issue(binding).handle;
  const outcomes = await Promise.allSettled(instances.map((one) => one.redeem(handle, binding)));
  expect(outcomes.filter((one) => one.status === "fulfilled")).toHaveLength(1);
  expect(outcomes.filter((one) => one.status === "rejected").map((one) => one.reason.details)).toEqual([
    { reason: "already_used" },
    { reason: "already_used" },
  ]);
});

test("what is remembered goes away with the handle", async () => {
  const prefix = randomUUID();
  const client = connect();
  const confirmations = createConfirmations(createTokenSigner({ keys }), {
    used: redisUsedHandles(client, prefix),
    ttlMs: 5_000,
  });
  await confirmations.redeem(confirmations.issue(binding).handle, binding);
  const [key = ""] = await client.keys(`${prefix}:*`);
  const left = await client.pttl(key);
  expect(left).toBeGreaterThan(3_000);
  expect(left).toBeLessThanOrEqual(5_000);
});

test("while Redis is away nothing is confirmed, and the handle is not used up", async () => {
  const signer = createTokenSigner({ keys });
  const away = createConfirmations(signer, { used: redisUsedHandles(connect("redis://127.0.0.1:1"), "x") });
  const { handle } = away.issue(binding);
  await expect(away.redeem(handle, binding)).rejects.toThrow(
    expect.objectContaining({ code: "UNAVAILABLE" }),
  );
  const back = createConfirmations(signer, { used: redisUsedHandles(connect(), randomUUID()) });
  await back.redeem(handle, binding);
});
