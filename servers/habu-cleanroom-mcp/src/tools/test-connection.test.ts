import { expect, test } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";

test("signs in once and lists what the token allows", async () => {
  const { ok, restart, emulator } = await openTools();
  expect((await ok("test_connection")).report).toMatchObject({
    missing: [],
    permissions: expect.arrayContaining(["read:cleanrooms"]),
  });
  await restart().ok("test_connection");
  expect(emulator.tokens.granted).toHaveLength(1);
});

test("names what a weaker key lacks", async () => {
  const { ok } = await openTools({ permissions: ["read:cleanrooms"] });
  expect((await ok("test_connection")).report.missing).toContain("write:cleanrooms");
});

test("a wrong secret is an AUTH_REQUIRED with its fix, and costs no token", async () => {
  const { fails, emulator, services } = await openTools({ config: { client_id: "someone-else" } });
  expect(await fails("test_connection")).toMatchObject({
    code: "AUTH_REQUIRED",
    hint: expect.stringContaining("HABU_CLIENT_SECRET"),
    details: { reason: "AUTH_REJECTED" },
  });
  expect(emulator.tokens.granted).toEqual([]);
  expect(services.tokens.budget().issued_last_24h).toBe(0);
});
