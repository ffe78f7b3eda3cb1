import { expect, test } from "vitest";
import { createConfirmations } from "./confirmation.ts";
import { createCursors } from "./cursor.ts";
import { createTokenSigner } from "./signed-token.ts";
import { memoryUsedHandles } from "./used-handles.ts";

const binding = { tool: "teardown_schema", principal: "key:ann", args: { schema: "tmp_1", force: true } };
const refused = (reason: string) => expect.objectContaining({ code: "CURSOR_EXPIRED", details: { reason } });

function setUp(options: { ttlMs?: number; max?: number } = {}) {
  const clock = { time: 1_000_000 };
  const now = () => clock.time;
  const signer = createTokenSigner({ now });
  const used = memoryUsedHandles({ now, ...(options.max === undefined ? {} : { max: options.max }) });
  const { max: _, ...rest } = options;
  return { clock, signer, confirmations: createConfirmations(signer, { now, used, ...rest }) };
}

test("the second call needs the first call's handle", async () => {
  const { confirmations } = setUp();
  for (const handle of [undefined, ""]) {
    await expect(confirmations.redeem(handle, binding)).rejects.toThrow(
      expect.objectContaining({ code: "CONFIRMATION_REQUIRED" }),
    );
  }
  const { handle, expires_in_ms } = confirmations.issue(binding);
  expect(expires_in_ms).toBe(300_000);
  await confirmations.redeem(handle, { ...binding, args: { force: true, schema: "tmp_1" } });
});

test("works once, also when two calls race for it", async () => {
  const { confirmations } = setUp();
  const { handle } = confirmations.issue(binding);
  const outcomes = await Promise.allSettled([
    confirmations.redeem(handle, binding),
    confirmations.redeem(handle, binding),
    confirmations.redeem(handle, binding),
  ]);
  expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
  await expect(confirmations.redeem(handle, binding)).rejects.toThrow(refused("already_used"));
});

test("is bound to caller, arguments and tool; a wrong try does not use it up", async () => {
  const { confirmations, signer } = setUp();
  const { handle } = confirmations.issue(binding);
  await expect(confirmations.redeem(handle, { ...binding, principal: "key:bob" })).rejects.toThrow(
    refused("other_binding"),
  );
  await expect(confirmations.redeem(handle, { ...binding, args: { schema: "prod" } })).rejects.toThrow(
    refused("other_binding"),
  );
  await expect(confirmations.redeem(handle, { ...binding, tool: "provision_schema" })).rejects.toThrow(
    refused("not_recognised"),
  );
  const cursor = createCursors(signer).mint(
    { tool: binding.tool, principal: binding.principal, of: binding.args },
    1,
  );
  await expect(confirmations.redeem(cursor, binding)).rejects.toThrow(refused("not_recognised"));
  await confirmations.redeem(handle, binding);
});

test("expires in minutes", async () => {
  const { clock, confirmations } = setUp({ ttlMs: 60_000 });
  const { handle } = confirmations.issue(binding);
  clock.time += 60_000;
  await expect(confirmations.redeem(handle, binding)).rejects.toThrow(refused("too_old"));
});

test("never forgets a used handle that could still be replayed: full means wait", async () => {
  const { clock, confirmations } = setUp({ max: 2 });
  const first = confirmations.issue(binding).handle;
  await confirmations.redeem(first, binding);
  await confirmations.redeem(confirmations.issue(binding).handle, binding);
  const third = confirmations.issue(binding).handle;
  await expect(confirmations.redeem(third, binding)).rejects.toThrow(
    expect.objectContaining({ code: "UNAVAILABLE", retryAfterMs: expect.any(Number) }),
  );
  await expect(confirmations.redeem(first, binding)).rejects.toThrow(refused("already_used"));
  clock.time += 300_000;
  await confirmations.redeem(confirmations.issue(binding).handle, binding);
});
