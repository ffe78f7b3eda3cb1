import { expect, test } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";

const tool = "manage_cleanroom_lifecycle";

test("updates settings, reads them back, and leaves out what cannot be read", async () => {
  const { ok, emulator } = await openTools();
  const before = { ...emulator.world.rooms[1]?.parameters };
  const done = await ok(tool, {
    cleanroom: "CR-1002",
    action: "update",
    description: "For spring",
    end: "2027-01-31",
  });
  expect(done.report.changes).toHaveLength(2);
  expect(emulator.world.rooms[1]).toMatchObject({
    description: "For spring",
    endAt: "2027-01-31",
    parameters: before,
  });
  expect(
    (await ok(tool, { cleanroom: "CR-1002", action: "update", description: "For spring" })).report.summary,
  ).toContain("Nothing to change");
});

test("adds, re-invites, cancels and removes partners", async () => {
  const { confirmed, fails, emulator } = await openTools();
  await confirmed(tool, {
    cleanroom: "Retail Media Insights",
    action: "invite",
    partner: "new@initech.example",
  });
  const again = await confirmed(tool, {
    cleanroom: "Retail Media Insights",
    action: "reinvite",
    partner: "ines.gold@initech.example",
  });
  expect(again.report.summary).toContain("1 old invitation(s) cancelled");
  const cancelled = await confirmed(tool, {
    cleanroom: "Retail Media Insights",
    action: "cancel_invitation",
    partner: "new@initech.example",
  });
  expect(cancelled.report.summary).toContain("is gone");
  const removed = await confirmed(tool, {
    cleanroom: "Holiday Attribution",
    action: "remove_partner",
    partner: "gina.teal@globex.example",
  });
  expect(removed.report.partners).toEqual(["Northwind Media"]);
  expect(emulator.world.rooms[1]?.invitations.map(({ email }) => email)).toEqual([
    "ines.gold@initech.example",
  ]);
  expect(await fails(tool, { cleanroom: "CR-1002", action: "invite" })).toMatchObject({
    code: "VALIDATION_ERROR",
  });
});

test("status transitions are no call of the platform: close moves the end, the rest names its substitute", async () => {
  const { confirmed, fails, emulator } = await openTools();
  await confirmed(tool, { cleanroom: "CR-1002", action: "close" });
  expect(emulator.world.rooms[1]?.endAt).toBe("2026-11-20");
  for (const action of ["archive", "reactivate"]) {
    expect(await fails(tool, { cleanroom: "CR-1002", action })).toMatchObject({
      code: "UNSUPPORTED",
      hint: expect.stringMatching(/action "(close|update)"/),
      details: { reason: "PLATFORM_LIMIT" },
    });
  }
});

test("deletes only with a handle that fits what would be lost", async () => {
  const { ok, fails, confirmed, emulator, restart } = await openTools();
  const args = { cleanroom: "CR-1001", action: "delete" };
  const plan = await ok(tool, args);
  expect(plan.report.lost).toMatchObject({ questions: 2, partners: 2, datasets: 3 });
  const { handle } = plan.confirm;
  expect(await fails(tool, { ...args, confirm: `${handle.slice(0, -2)}xx` })).toMatchObject({
    code: "CURSOR_EXPIRED",
  });
  expect(await fails(tool, { ...args, cleanroom: "CR-1002", confirm: handle })).toMatchObject({
    code: "CURSOR_EXPIRED",
  });
  expect(await restart().fails(tool, { ...args, confirm: handle })).toMatchObject({ code: "CURSOR_EXPIRED" });
  expect(emulator.world.rooms).toHaveLength(7);
  const gone = await ok(tool, { ...args, confirm: handle });
  expect(gone.report.summary).toContain("404");
  expect(await fails(tool, { ...args, confirm: handle })).toMatchObject({ code: "NOT_FOUND" });
  expect(emulator.world.rooms).toHaveLength(6);
  await confirmed(tool, { cleanroom: "CR-1003", action: "delete" });
});

test("names that fit several rooms list them; unknown ones list near ones; ids, display ids and names all work", async () => {
  const { ok, fails, emulator } = await openTools();
  expect(await fails(tool, { cleanroom: "Audience Lab", action: "close" })).toMatchObject({
    code: "AMBIGUOUS",
    details: { candidates: [expect.stringContaining("CR-1005"), expect.stringContaining("CR-1006")] },
  });
  expect(await fails(tool, { cleanroom: "Holiday Atribution", action: "close" })).toMatchObject({
    code: "NOT_FOUND",
    details: { near: ["Holiday Attribution"] },
  });
  for (const cleanroom of ["cr-1002", "retail media insights", emulator.world.rooms[1]?.id]) {
    expect((await ok(tool, { cleanroom, action: "update", end: "2027-01-01", dry_run: true })).status).toBe(
      "planned",
    );
  }
  expect(emulator.journal.counts().updateCleanroom).toBeUndefined();
});

test("a deletion that cannot be checked is not said to have failed", async () => {
  const { ok, emulator } = await openTools();
  const args = { cleanroom: "CR-1002", action: "delete" };
  const plan = await ok(tool, args);
  emulator.faults.set({ next: [{ operation: "getCleanroomById", kind: "500", times: 4 }] });
  const done = await ok(tool, { ...args, confirm: plan.confirm.handle });
  expect(done.report.summary).toBe("CR-1002 was deleted; whether it is gone could not be read.");
  expect(emulator.world.rooms.map(({ displayId }) => displayId)).not.toContain("CR-1002");
});
