import { expect, onTestFinished, test } from "vitest";
import { createVirtualClock } from "../src/clock/clock.ts";
import { checkValue } from "../src/contract/check-value.ts";
import { operationIds, operationOf } from "../src/contract/operations.ts";
import { type EmulatorOptions, startEmulator } from "./emulator.ts";
import { handlers, notEmulated } from "./operations.ts";

// biome-ignore lint/suspicious/noExplicitAny: replies are looked into freely
type Loose = any;

async function open(options: EmulatorOptions = {}) {
  const emulator = await startEmulator({
    clock: createVirtualClock(Date.parse("2026-11-20T09:00:00Z")),
    ...options,
  });
  onTestFinished(() => emulator.close());
  const basic = `Basic ${Buffer.from(`${emulator.clientId}:${emulator.clientSecret}`).toString("base64")}`;
  const form = {
    method: "POST",
    headers: { authorization: basic, "content-type": "application/x-www-form-urlencoded" },
    body: "grant_type=client_credentials",
  };
  const token = (
    (await (await fetch(`${emulator.url}/v1/oauth/token`, form)).json()) as { accessToken: string }
  ).accessToken;
  async function ask(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Loose; headers: Headers }> {
    const reply = await fetch(`${emulator.url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, body: text === "" ? undefined : JSON.parse(text), headers: reply.headers };
  }
  return { emulator, form, ask };
}

test("every declared operation is emulated or left out with a reason, never both", () => {
  for (const id of operationIds)
    expect([id, (handlers[id] !== undefined) !== (notEmulated[id] !== undefined)]).toEqual([id, true]);
});

test("every reply to a read has the declared shape", async () => {
  const { emulator, ask } = await open();
  const { world } = emulator;
  const room = world.rooms[0];
  const [overlap, reach] = world.roomQuestions;
  const run = overlap?.runs.at(-1);
  const source = (await ask("GET", "/data-sources")).body[0];
  const dataType = (await ask("GET", `/data-sources/${source.id}/data-types`)).body[0];
  await ask("POST", `/cleanroom-questions/${reach?.id}/cleanroom-question-run-schedules`, {
    name: "s",
    repeatFrequency: "DAILY",
    startSchedule: "2026-11-21T06:00:00Z",
  });
  const job = (
    await ask("POST", `/cleanrooms/${room?.id}/exports/jobs`, {
      cleanroomQuestionId: overlap?.id,
      partnerAccountIds: [world.destinations[0]?.id],
    })
  ).body[0];
  const flow = room?.flows[0];
  const flowRun = (
    await ask("POST", `/cleanrooms/${room?.id}/cleanroom-flows/${flow?.id}/cleanroom-flow-runs`, {
      name: "f",
      nodes: [],
    })
  ).body;
  emulator.clock.advance(3_600_000);
  const roles = (await ask("GET", `/cleanrooms/${room?.id}/cleanRoomRoles`)).body;
  const values: Record<string, string | undefined> = {
    cleanroomId: room?.id,
    cleanroomQuestionId: overlap?.id,
    cleanroomQuestionRunId: run?.id,
    questionID: overlap?.questionId,
    dataConnectionId: world.connections[0]?.id,
    organizationCredentialId: world.credentials[0]?.id,
    name: "AWS IAM User Credentials",
    dataSourceId: source.id,
    dataTypeId: dataType.id,
    datasetId: room?.datasets[0]?.id,
    cleanroomPartnerId: room?.partners[0]?.id,
    cleanRoomRoleId: roles[0].id,
    cleanroomFlowId: flow?.id,
    cleanroomFlowRunId: flowRun.id,
    exportJobId: job,
    fileName: "none",
    cleanroomQuestionRunScheduleId: reach?.schedules[0]?.id,
  };
  const queries: Record<string, string> = {
    getCleanroomQuestionDataTypeOptions: "?dataType=CRM",
    getCleanroomFlowRunReport: `?node=${flow?.nodes[0]?.nodeId}`,
  };
  let checked = 0;
  for (const id of operationIds) {
    const { method, path, reply } = operationOf(id);
    if (method !== "GET" || handlers[id] === undefined || id === "getCleanroomQuestionRunOutputFile")
      continue;
    const question = id === "getCleanroomQuestionRunScheduleById" ? reach?.id : undefined;
    const filled = path.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
      encodeURIComponent(
        (name === "cleanroomQuestionId" ? question : undefined) ?? values[name] ?? "missing",
      ),
    );
    const answer = await ask("GET", `${filled}${queries[id] ?? ""}`);
    // Declared as one object, answered as a list: as the platform does.
    const type = id === "listPartnerInvitationsForInviter" ? "InvitationDetail[]" : reply;
    expect([
      id,
      answer.status,
      checkValue(type, answer.body, { strict: true, words: false, required: true }),
    ]).toEqual([id, 200, []]);
    checked += 1;
  }
  expect(checked).toBeGreaterThan(40);
});

test("the token endpoint has the platform's form, limits and refusals", async () => {
  const { emulator, form } = await open();
  const url = `${emulator.url}/v1/oauth/token`;
  expect((await fetch(url)).status).toBe(405);
  expect(
    (await fetch(url, { ...form, headers: { ...form.headers, "content-type": "application/json" } })).status,
  ).toBe(415);
  expect(
    (await fetch(url, { ...form, headers: { "content-type": form.headers["content-type"] } })).status,
  ).toBe(400);
  expect(
    (await fetch(url, { ...form, headers: { ...form.headers, authorization: "Basic eDp5" } })).status,
  ).toBe(401);
  expect(await (await fetch(url, form)).json()).toMatchObject({
    tokenType: "bearer",
    expiresIn: 43_200,
    expiresAt: expect.stringMatching(/\+00:00$/),
  });
  expect((await fetch(url, form)).status).toBe(429);
  expect(emulator.journal.violations().at(-1)?.violation).toContain("2 tokens");
  emulator.clock.advance(86_400_001);
  expect((await fetch(url, form)).status).toBe(200);
});

test("whatever is not declared is refused loudly and noted", async () => {
  const { emulator, ask } = await open();
  expect(await ask("GET", "/me")).toMatchObject({
    status: 404,
    body: { error: "Not Found", path: "/v1/me" },
  });
  const wrong = await ask("PATCH", "/cleanrooms");
  expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "POST,GET"]);
  expect((await ask("POST", "/cleanrooms", { name: "x" })).status).toBe(400);
  expect(
    (await ask("POST", "/cleanrooms", { name: "x", startAt: "d", type: "Hybrid", colour: "red" })).status,
  ).toBe(400);
  expect((await ask("GET", "/cleanrooms?status=active")).status).toBe(400);
  expect((await ask("GET", "/data-connection-views")).status).toBe(501);
  expect(emulator.journal.violations()).toHaveLength(5);
  expect((await fetch(`${emulator.url}/v1/cleanrooms`)).status).toBe(401);
  expect((await ask("GET", "/cleanrooms")).headers.get("x-habu-emulator")).toBe("1");
});

test("runs go through their states on the emulator's time, and the twenty-first of an hour is refused", async () => {
  const { emulator, ask } = await open();
  const question = emulator.world.roomQuestions[0]?.id;
  emulator.world.scripts.set("*", { path: ["PARTNER_RUNNING", "PARTNER_COMPLETED", "COMPLETED"], times: 1 });
  const run = (await ask("POST", `/cleanroom-questions/${question}/create-run`, { name: "r" })).body;
  const seen = [];
  for (const minutes of [0, 2, 30, 2, 2]) {
    emulator.clock.advance(minutes * 60_000);
    seen.push((await ask("GET", `/cleanroom-question-runs/${run.id}`)).body.status);
  }
  expect([seen[0], seen[1], seen.at(-1)]).toEqual(["QUEUED", "RUNNING", "COMPLETED"]);
  expect(emulator.journal.violations().map(({ violation }) => violation)).toContain(
    "status read again within 5 minutes",
  );
  emulator.clock.advance(3_600_000);
  for (let n = 0; n < 20; n += 1)
    expect((await ask("POST", `/cleanroom-questions/${question}/create-run`, { name: `r${n}` })).status).toBe(
      200,
    );
  const limited = await ask("POST", `/cleanroom-questions/${question}/create-run`, { name: "r21" });
  expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, null]);
});

test("its controls move time, answer invitations, switch quirks and set faults", async () => {
  const { emulator, ask } = await open();
  const control = async (path: string, body: unknown) =>
    (await fetch(`${emulator.url}/__${path}`, { method: "POST", body: JSON.stringify(body) })).json();
  expect(await control("clock", { advanceMs: 1_000 })).toEqual({ now: Date.parse("2026-11-20T09:00:01Z") });
  await control("invitations", { email: "ines.gold@initech.example", status: "ACCEPTED" });
  expect(emulator.world.rooms[1]?.partners.map(({ organisation }) => organisation.name)).toContain("Initech");
  await control("switches", { connectionLayout: "documented", emptyListBody: true });
  expect((await ask("GET", "/data-connections")).body[0]).toMatchObject({
    stage: "ACTIVE",
    configStatus: "CONFIGURATION_COMPLETE",
  });
  await control("faults", { next: [{ operation: "*", kind: "503" }] });
  expect((await ask("GET", "/cleanrooms")).status).toBe(503);
  expect(await control("faults", { kinds: ["nonsense"] })).toMatchObject({ message: expect.any(String) });
  expect(await (await fetch(`${emulator.url}/__journal`)).json()).toMatchObject({
    violations: [],
    counts: { getAllCleanrooms: 1 },
  });
});
