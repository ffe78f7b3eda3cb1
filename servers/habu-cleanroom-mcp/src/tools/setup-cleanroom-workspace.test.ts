import { expect, test } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";

const tool = "setup_cleanroom_workspace";

test("creates a room with defaults and says which it took", async () => {
  const { ok, emulator } = await openTools();
  const made = await ok(tool, { name: "Plain" });
  expect(made.report.defaults_taken).toEqual([
    "type Hybrid",
    "start 2026-11-20 (today)",
    "region US",
    "cloud AWS",
  ]);
  expect(emulator.world.rooms.at(-1)).toMatchObject({
    name: "Plain",
    type: "Hybrid",
    startAt: "2026-11-20",
    parameters: { REGION: "REGION_US", ENABLE_EXPORT: "false" },
  });
  expect(made.next).toContainEqual(expect.objectContaining({ tool: "deploy_analytics_question" }));
});

test("sends region, cloud, privacy and features, and says that they cannot be read back", async () => {
  const { ok, emulator } = await openTools();
  const made = await ok(tool, {
    name: "EU",
    region: "EU",
    cloud: "GCP",
    features: ["EXPORT", "PAIR"],
    data_decibel: 3,
    crowd_size: 100,
  });
  expect(emulator.world.rooms.at(-1)?.parameters).toMatchObject({
    REGION: "REGION_EU",
    CLOUD: "CLOUD_GCP",
    ENABLE_EXPORT: "true",
    ENABLE_PAIR: "true",
    DATA_DECIBEL: "3",
    CROWD_SIZE: "100",
  });
  expect(made.report.sent_settings).toMatchObject({ CROWD_SIZE: "100" });
  expect(made.report.limits[0]).toContain("cannot be read back");
});

test("invites partners only after the plan is confirmed", async () => {
  const { ok, confirmed, emulator } = await openTools();
  const args = {
    name: "With partners",
    partners: ["a@initech.example", "b@initech.example"],
    users: ["ben.frost@acme.example"],
  };
  const plan = await ok(tool, args);
  expect(plan.status).toBe("confirmation_required");
  expect(plan.report.plan.filter(({ effect }: { effect?: string }) => effect !== undefined)).toHaveLength(2);
  expect(emulator.journal.counts().createCleanroom).toBeUndefined();
  const made = await confirmed(tool, args);
  expect(made.report.invitations).toHaveLength(2);
  expect(emulator.world.rooms.at(-1)?.members.map(({ person }) => person.email)).toContain(
    "ben.frost@acme.example",
  );
});

test("validates everything before the first write", async () => {
  const { fails, emulator } = await openTools();
  const writes = () =>
    emulator.journal.entries.filter(({ method, path }) => method !== "GET" && !path.endsWith("token"));
  expect(await fails(tool, { name: "x", crowd_size: 500 })).toMatchObject({
    code: "VALIDATION_ERROR",
    message: expect.stringContaining("crowd_size"),
  });
  expect(await fails(tool, { name: "x", type: "ADH" })).toMatchObject({
    code: "VALIDATION_ERROR",
    details: { reason: "TYPE_NOT_OFFERED" },
  });
  expect(await fails(tool, { name: "x", start: "2026-12-01", end: "2026-11-01" })).toMatchObject({
    code: "VALIDATION_ERROR",
  });
  expect(await fails(tool, { name: "x", connections: ["Acme CMR"] })).toMatchObject({
    code: "NOT_FOUND",
    details: { near: expect.arrayContaining(["Acme CRM"]) },
  });
  expect(await fails(tool, { name: "x", connections: ["Legacy Exports"] })).toMatchObject({
    code: "CONFLICT",
    details: { reason: "NOT_READY" },
  });
  expect(await fails(tool, { name: "x", questions: ["Nothing like it"] })).toMatchObject({
    code: "NOT_FOUND",
  });
  expect(await fails(tool, { name: "x", partners: ["no mail"] })).toMatchObject({ code: "VALIDATION_ERROR" });
  expect(await fails(tool, { name: "x", colour: "red" })).toMatchObject({ code: "VALIDATION_ERROR" });
  expect(writes()).toEqual([]);
});

test("a taken name is a conflict; adopt sets up the existing room", async () => {
  const { fails, ok, emulator } = await openTools();
  expect(await fails(tool, { name: "Retail Media Insights" })).toMatchObject({
    code: "CONFLICT",
    details: { reason: "NAME_TAKEN", display_id: "CR-1002" },
  });
  const adopted = await ok(tool, {
    name: "Retail Media Insights",
    adopt: true,
    questions: ["Campaign Overlap"],
  });
  expect(adopted.report.steps[0]).toMatchObject({ state: "adopted" });
  expect(adopted.report.questions.map(({ name }: { name: string }) => name)).toContain("Campaign Overlap");
  expect(emulator.journal.counts().createCleanroom).toBeUndefined();
});

test("when a step fails it says what exists, how to undo it, and goes on from there", async () => {
  const { ok, fails, emulator } = await openTools();
  const args = { name: "Half", connections: ["Acme CRM"], users: ["cleo.marsh@acme.example"] };
  emulator.faults.set({ next: [{ operation: "configureCleanroomDataset", kind: "unsuccessful" }] });
  const failed = await fails(tool, args);
  expect(failed).toMatchObject({
    code: "UPSTREAM_ERROR",
    details: {
      done: ["clean room", "user cleo.marsh@acme.example"],
      failed: "dataset Acme CRM",
      undo: expect.any(Array),
      resume: expect.stringMatching(/^work_/),
    },
  });
  const rest = await ok(tool, { name: "Half", resume: failed.details.resume });
  expect(rest.report.steps.map(({ state }: { state: string }) => state)).toEqual([
    "skipped",
    "skipped",
    "done",
  ]);
  expect(emulator.world.rooms.filter(({ name }) => name === "Half")).toHaveLength(1);
});

test("a question is taken by the display id and the id it has in any room, also when it is in several", async () => {
  const { ok, emulator } = await openTools();
  const inRooms = emulator.world.roomQuestions.filter(
    ({ questionId }) => questionId === emulator.world.roomQuestions[0]?.questionId,
  );
  expect(inRooms.length).toBeGreaterThan(1);
  for (const { id, displayId, questionId } of inRooms)
    for (const typed of [displayId, id, questionId]) {
      const { report } = await ok(tool, { name: "x", questions: [typed], dry_run: true });
      expect(report.plan).toContainEqual({ step: "add question", what: "Campaign Overlap" });
    }
});
