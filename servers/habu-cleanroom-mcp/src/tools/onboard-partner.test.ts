import { expect, test } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";

const tool = "onboard_partner";

test("sends an invitation with guidance, after confirmation, once", async () => {
  const { confirmed, ok, emulator } = await openTools();
  const made = await confirmed(tool, { cleanroom: "CR-1001", email: "lee@initech.example" });
  expect(emulator.world.rooms[0]?.invitations[0]).toMatchObject({
    email: "lee@initech.example",
    note: expect.stringContaining("Holiday Attribution"),
  });
  expect(made.report.partner_must).toHaveLength(5);
  const again = await ok(tool, { cleanroom: "CR-1001", email: "LEE@initech.example" });
  expect(again.status).toBe("waiting");
  expect(emulator.journal.counts().addCleanroomPartner).toBe(1);
});

test("tracks the invitation's status and age and says when to follow up", async () => {
  const { ok } = await openTools();
  const seen = await ok(tool, { cleanroom: "Retail Media Insights", email: "ines.gold@initech.example" });
  expect(seen).toMatchObject({
    status: "waiting",
    report: { invitation: { status: "PENDING", age_days: 9 } },
    next: [{ tool: "manage_cleanroom_lifecycle" }],
  });
  const all = await ok(tool, { cleanroom: "Retail Media Insights" });
  expect(all.report.invitations).toHaveLength(1);
});

test("guides through setup: what the partner must do, and what waits for them", async () => {
  const { ok } = await openTools();
  const seen = await ok(tool, { cleanroom: "CR-1001", email: "nora.west@northwind.example" });
  expect(seen.report.checks.every(({ ok: fine }: { ok: boolean }) => fine)).toBe(true);
  expect(seen.report.summary).toContain("fully set up");
});

test("validates the partner's configuration and names open points", async () => {
  const { ok, emulator } = await openTools();
  const partner = emulator.world.rooms[2]?.partners[0];
  partner?.members.push({
    id: "m",
    person: { id: "p", name: "Nick", email: "nick@northwind.example" },
    role: "Partner Viewer",
  });
  const seen = await ok(tool, { cleanroom: "Broken Setup", email: "nick@northwind.example" });
  expect(
    seen.report.checks
      .filter(({ ok: fine }: { ok: boolean }) => !fine)
      .map(({ check }: { check: string }) => check),
  ).toEqual(["has a partner administrator", "assigned every dataset that waits for it"]);
  expect(seen.report.waiting_datasets).toEqual([expect.objectContaining({ macro: "AdLogs" })]);
});

test("an accepted invitation ends in a completion summary", async () => {
  const { ok, emulator } = await openTools();
  emulator.answerInvitation("ines.gold@initech.example", "ACCEPTED");
  const seen = await ok(tool, { cleanroom: "Retail Media Insights", email: "ines.gold@initech.example" });
  expect(seen).toMatchObject({ status: "done", report: { partner: { name: "Initech" } } });
});

test("an invitation whose answer is lost is not sent twice", async () => {
  const { confirmed, emulator } = await openTools();
  emulator.faults.set({ next: [{ operation: "addCleanroomPartner", kind: "reset_after" }] });
  const made = await confirmed(tool, { cleanroom: "CR-1001", email: "lee@initech.example" });
  expect(made.report.steps).toEqual([expect.objectContaining({ state: "adopted" })]);
  expect(emulator.world.rooms[0]?.invitations).toHaveLength(1);
});
