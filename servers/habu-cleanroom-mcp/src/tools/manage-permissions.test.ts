import { expect, test } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";

const tool = "manage_permissions";

test("changes permissions of a question after a plan, and reads them back", async () => {
  const { confirmed, ok } = await openTools();
  const done = await confirmed(tool, {
    cleanroom: "CR-1001",
    action: "question",
    question: "Campaign Overlap",
    permissions: { VIEW_CODE: "partners" },
  });
  expect(done.report).toMatchObject({
    before: { VIEW_CODE: "owner" },
    after: { VIEW_CODE: "partners", EDIT: "owner" },
  });
  const same = await ok(tool, {
    cleanroom: "CR-1001",
    action: "question",
    question: "Campaign Overlap",
    permissions: { VIEW_CODE: "partners" },
  });
  expect(same.report.summary).toBe("Nothing to change.");
});

test("controls access to a dataset: assignment by partners, and filters", async () => {
  const { confirmed, fails, emulator } = await openTools();
  await confirmed(tool, {
    cleanroom: "CR-1001",
    action: "dataset",
    dataset: "Acme CRM",
    partner_can_assign: true,
    filters: [{ field: "segment", operator: "IN", values: ["gold"] }],
  });
  expect(emulator.world.rooms[0]?.datasets[0]).toMatchObject({
    partnerCanAssign: true,
    filters: [{ datasetFieldName: "segment", operator: "IN", values: ["gold"] }],
  });
  expect(
    await fails(tool, {
      cleanroom: "CR-1001",
      action: "dataset",
      dataset: "Acme CRM",
      filters: [{ field: "nope", operator: "IN", values: ["x"] }],
    }),
  ).toMatchObject({ code: "VALIDATION_ERROR" });
});

test("manages users and roles, also of partners, within what the platform allows", async () => {
  const { confirmed, fails, emulator } = await openTools();
  const added = await confirmed(tool, {
    cleanroom: "CR-1001",
    action: "user",
    user: "ben.frost@acme.example",
    role: "Viewer",
  });
  expect(added.report).toEqual(expect.objectContaining({ before: null, after: "Viewer" }));
  await confirmed(tool, {
    cleanroom: "CR-1001",
    action: "user",
    user: "ben.frost@acme.example",
    role: "Administrator",
  });
  await confirmed(tool, {
    cleanroom: "CR-1001",
    action: "user",
    user: "niles.park@northwind.example",
    role: "Viewer",
  });
  expect(
    await fails(tool, {
      cleanroom: "CR-1001",
      action: "user",
      user: "nora.west@northwind.example",
      role: "Viewer",
    }),
  ).toMatchObject({ code: "UNSUPPORTED" });
  expect(
    await fails(tool, {
      cleanroom: "CR-1001",
      action: "user",
      user: "ben.frost@acme.example",
      role: "Viewr",
    }),
  ).toMatchObject({ code: "NOT_FOUND", details: { near: expect.arrayContaining(["Viewer"]) } });
  await confirmed(tool, {
    cleanroom: "CR-1001",
    action: "user",
    user: "ben.frost@acme.example",
    remove: true,
  });
  await confirmed(tool, {
    cleanroom: "CR-1001",
    action: "user",
    user: "niles.park@northwind.example",
    remove: true,
  });
  expect(emulator.world.rooms[0]?.members).toHaveLength(1);
});

test("audits changes made here with before and after, and says what it cannot know", async () => {
  const { confirmed, ok, restart } = await openTools();
  await confirmed(tool, {
    cleanroom: "CR-1001",
    action: "question",
    question: "Campaign Overlap",
    permissions: { CLONE: "partners" },
  });
  const trail = await restart().ok(tool, { cleanroom: "CR-1001", action: "audit" });
  expect(trail.report.changes).toEqual([
    expect.objectContaining({
      what: "permission",
      before: expect.objectContaining({ CLONE: "owner" }),
      after: expect.objectContaining({ CLONE: "partners" }),
    }),
  ]);
  expect(trail.report.limits[0]).toContain("no audit log");
  expect((await ok(tool, { cleanroom: "CR-1002", action: "audit" })).report.changes).toEqual([]);
});

test("reports who may do what, and what deserves attention", async () => {
  const { ok } = await openTools();
  const { report } = await ok(tool, { cleanroom: "CR-1001", action: "report" });
  expect(report.questions[0].permissions).toMatchObject({ RUN: "partners", EDIT: "owner" });
  expect(report.partners).toHaveLength(2);
  expect((await ok(tool, { cleanroom: "Partner Hosted", action: "report" })).report.not_visible).toHaveLength(
    3,
  );
});

test("permissions declared in the query are sent there when the body is refused", async () => {
  const { confirmed, emulator } = await openTools();
  emulator.world.switches.permissionsInQuery = true;
  const done = await confirmed(tool, {
    cleanroom: "CR-1001",
    action: "question",
    question: "Campaign Overlap",
    permissions: { EDIT: "partners" },
  });
  expect(done.report.after.EDIT).toBe("partners");
});
