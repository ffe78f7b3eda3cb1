import { createConfirmations, createTokenSigner, type Principal } from "@mcp-data/core";
import { afterEach, expect, test, vi } from "vitest";
import { openTools } from "./helpers/tool-bench.ts";

const tool = "manage_cleanroom_lifecycle";
const args = { cleanroom: "CR-1001", action: "delete" };
const expired = { success: false, error: { code: "CURSOR_EXPIRED" } };
const eve: Principal = { id: "eve", scopes: ["*"], method: "api_key" };

afterEach(() => vi.useRealTimers());

async function planned() {
  const bench = await openTools();
  const { handle } = (await bench.ok(tool, args)).confirm as { handle: string };
  const rooms = () => bench.emulator.world.rooms.length;
  const writes = () =>
    bench.emulator.journal.entries.filter(({ method, path }) => method !== "GET" && !path.endsWith("/token"));
  return { ...bench, handle, rooms, writes };
}

test("a confirmation runs out after five minutes", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { call, handle, rooms, writes } = await planned();
  vi.setSystemTime(Date.now() + 5 * 60_000 + 1);
  expect(await call(tool, { ...args, confirm: handle })).toMatchObject(expired);
  expect([rooms(), writes()]).toEqual([7, []]);
});

test("a confirmation is of the caller it was given to", async () => {
  const { call, handle, rooms, writes } = await planned();
  expect(await call(tool, { ...args, confirm: handle }, eve)).toMatchObject(expired);
  expect([rooms(), writes()]).toEqual([7, []]);
});

test("a confirmation is of the tool and the arguments it was given for", async () => {
  const { call, handle, writes } = await planned();
  for (const [name, given] of [
    [tool, { ...args, cleanroom: "CR-1002" }],
    [tool, { ...args, action: "close" }],
    ["onboard_partner", { cleanroom: "CR-1001", email: "new@initech.example" }],
  ] as const)
    expect([given, await call(name, { ...given, confirm: handle })]).toMatchObject([given, expired]);
  expect(writes()).toEqual([]);
});

test("a confirmation is void when the world changed since the plan", async () => {
  const { call, emulator, handle, rooms } = await planned();
  const room = emulator.world.rooms[0];
  if (room !== undefined) room.name = "Renamed since";
  emulator.clock.advance(120_000);
  expect(await call(tool, { ...args, confirm: handle })).toMatchObject(expired);
  expect(rooms()).toBe(7);
});

test("a forged, altered or borrowed confirmation is refused", async () => {
  const { call, restart, handle, writes } = await planned();
  const [head = "", ...rest] = handle.split(".");
  const other = (await restart().ok(tool, args)).confirm as { handle: string };
  for (const confirm of [
    "",
    "yes",
    `${handle}x`,
    handle.slice(0, -3),
    `${handle.slice(0, 20)}A${handle.slice(21)}`,
    [rest[0] ?? "", head, ...rest.slice(1)].join("."),
    // Signed with the random key of another process.
    other.handle,
  ])
    expect([confirm, await call(tool, { ...args, confirm })]).toMatchObject([
      confirm,
      { success: false, error: { code: expect.stringMatching(/CURSOR_EXPIRED|CONFIRMATION_REQUIRED/) } },
    ]);
  expect(writes()).toEqual([]);
});

test("a confirmation works once, also for two calls at the same moment", async () => {
  const { call, emulator } = await openTools();
  const invite = { cleanroom: "CR-1002", action: "reinvite", partner: "ines.gold@initech.example" };
  const first = await call(tool, invite);
  const { handle } = (first.success ? first.data.confirm : {}) as { handle: string };
  const ends = await Promise.all([
    call(tool, { ...invite, confirm: handle }),
    call(tool, { ...invite, confirm: handle }),
  ]);
  expect(ends.filter(({ success }) => success)).toHaveLength(1);
  expect(ends.find(({ success }) => !success)).toMatchObject(expired);
  expect(await call(tool, { ...invite, confirm: handle })).toMatchObject(expired);
  expect(emulator.journal.counts()).toMatchObject({ cancelPartnerInvitationById: 1, addCleanroomPartner: 1 });
});

test("the defaults of a confirmation: five minutes, this process's memory", async () => {
  const confirmations = createConfirmations(createTokenSigner());
  const binding = { tool, principal: "ada", args };
  const { handle, expires_in_ms } = confirmations.issue(binding);
  expect(expires_in_ms).toBe(300_000);
  await confirmations.redeem(handle, binding);
  await expect(confirmations.redeem(handle, binding)).rejects.toMatchObject({ code: "CURSOR_EXPIRED" });
  await expect(confirmations.redeem(undefined, binding)).rejects.toMatchObject({
    code: "CONFIRMATION_REQUIRED",
  });
});
