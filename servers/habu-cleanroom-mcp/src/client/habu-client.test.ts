import { expect, onTestFinished, test } from "vitest";
import { bench } from "../../test/helpers/harness.ts";

async function open(options: Parameters<typeof bench>[0] = {}) {
  const one = await bench(options);
  onTestFinished(() => one.close());
  return one;
}

const broken = (code: string, reason: string) =>
  expect.objectContaining({ code, details: expect.objectContaining({ reason }) });

test("a second identical read makes no call; a write of ours makes the next read ask again", async () => {
  const { session, emulator } = await open();
  const first = session();
  const rooms = await first.call("getAllCleanrooms", {});
  expect(rooms.map(({ displayId }) => displayId)).toContain("CR-1001");
  expect(first.spent.calls).toBe(1);
  const second = session();
  await second.call("getAllCleanrooms", {});
  expect(second.spent.calls).toBe(0);
  await second.call("createCleanroom", { body: { name: "New", startAt: "2026-11-20", type: "Hybrid" } });
  const again = await second.call("getAllCleanrooms", {});
  expect(again.map(({ name }) => name)).toContain("New");
  emulator.clock.advance(61_000);
  await second.call("getAllCleanrooms", {});
  expect(emulator.journal.counts().getAllCleanrooms).toBe(3);
  await second.call("getAllCleanrooms", {}, { fresh: true });
  expect(emulator.journal.counts().getAllCleanrooms).toBe(4);
  expect(emulator.journal.violations()).toEqual([]);
});

test("reads are retried through failures and half bodies, and say how often they were tried", async () => {
  const { session, emulator, log } = await open();
  emulator.faults.set({
    next: [
      { operation: "getAllCleanrooms", kind: "500" },
      { operation: "getAllCleanrooms", kind: "reset" },
      { operation: "getAllCleanrooms", kind: "malformed" },
      { operation: "getAllDataConnections", kind: "429", times: 2 },
    ],
  });
  expect(await session().call("getAllCleanrooms", {})).toHaveLength(7);
  expect(await session().call("getAllDataConnections", {})).toHaveLength(5);
  expect(log.some((line) => JSON.parse(line).attempts === 3)).toBe(true);
  expect(log.some((line) => String(JSON.parse(line).upstream_request_id).startsWith("emu-"))).toBe(true);
});

test("a write is sent once, and its error says whether it may have been made", async () => {
  const { session, emulator } = await open();
  const create = () =>
    session().call("createCleanroom", { body: { name: "Once", startAt: "2026-11-20", type: "Hybrid" } });
  const cases = [
    ["500", "UPSTREAM_ERROR", "UPSTREAM_UNAVAILABLE", "unknown"],
    ["reset", "CONNECTION_ERROR", "NO_ANSWER", "unknown"],
    ["malformed", "UPSTREAM_ERROR", "MALFORMED", "unknown"],
    ["unsuccessful", "UPSTREAM_ERROR", "REJECTED", "no"],
    ["429", "RATE_LIMITED", "UPSTREAM_RATE_LIMIT", "no"],
  ] as const;
  for (const [kind, code, reason, applied] of cases) {
    emulator.world.rooms = emulator.world.rooms.filter(({ name }) => name !== "Once");
    emulator.journal.clear();
    emulator.faults.set({ next: [{ operation: "createCleanroom", kind }] });
    await expect(create()).rejects.toMatchObject({
      code,
      details: { reason, applied, operation: "createCleanroom" },
    });
    expect(emulator.journal.counts().createCleanroom).toBe(1);
  }
});

test("the platform's refusals become the server's codes with a likely cause", async () => {
  const { session, emulator } = await open({
    permissions: [
      "read:cleanrooms",
      "write:cleanrooms",
      "read:cleanroomquestions",
      "read:cleanroompartners",
      "write:cleanroomquestionruns",
    ],
  });
  const habu = session();
  const room = (name: string) => emulator.world.rooms.find((one) => one.name === name)?.id ?? "";
  await expect(habu.call("getCleanroomById", { path: { cleanroomId: "nope" } })).rejects.toEqual(
    broken("NOT_FOUND", "UPSTREAM_NOT_FOUND"),
  );
  await expect(habu.call("getAllDataConnections", {})).rejects.toMatchObject({
    code: "PERMISSION_DENIED",
    message: expect.stringContaining("read:dataconnections"),
    details: { reason: "PERMISSION_TOKEN" },
  });
  await expect(
    habu.call("getAllCleanroomPartners", { path: { cleanroomId: room("Partner Hosted") } }),
  ).rejects.toMatchObject({
    code: "PERMISSION_DENIED",
    hint: expect.stringContaining("Administrator"),
    details: { reason: "PERMISSION_ROOM" },
  });
  await expect(
    habu.call("createCleanroom", { body: { name: "Broken Setup", startAt: "2026-11-20", type: "Hybrid" } }),
  ).rejects.toEqual(broken("CONFLICT", "UPSTREAM_CONFLICT"));
  await expect(
    habu.call("createCleanroom", {
      body: {
        name: "x",
        startAt: "2026-11-20",
        type: "Hybrid",
        parameters: { REGION: "REGION_US", CLOUD: "CLOUD_AWS", CROWD_SIZE: "500" },
      },
    }),
  ).rejects.toEqual(broken("UPSTREAM_ERROR", "REJECTED"));
  const unready = emulator.world.roomQuestions.find((one) =>
    one.bindings.some(({ datasetId }) => datasetId === undefined),
  );
  await expect(
    habu.call("createCleanroomQuestionRun", {
      path: { cleanroomQuestionId: unready?.id ?? "" },
      body: { name: "r" },
    }),
  ).rejects.toEqual(broken("CONFLICT", "NOT_READY"));
});

test("a refused token that is old is replaced once; a young one is not", async () => {
  const { session, emulator } = await open();
  await session().call("getAllCleanrooms", {});
  emulator.tokens.revokeAll();
  await expect(session().call("getAllDataConnections", {})).rejects.toEqual(
    broken("AUTH_REQUIRED", "AUTH_REJECTED"),
  );
  expect(emulator.tokens.granted).toHaveLength(1);
  emulator.clock.advance(11 * 60_000);
  expect(await session().call("getAllDataConnections", {})).toHaveLength(5);
  emulator.tokens.revokeAll();
  emulator.clock.advance(11 * 60_000);
  await expect(session().call("getAllDataSources", {})).rejects.toEqual(
    broken("RATE_LIMITED", "TOKEN_BUDGET"),
  );
  expect(emulator.tokens.granted).toHaveLength(2);
  expect(emulator.journal.violations()).toEqual([]);
});

test("a plain 403 never costs a token", async () => {
  const { session, emulator } = await open({ permissions: ["read:cleanrooms"] });
  for (let n = 0; n < 5; n += 1)
    await expect(session().call("getAllDataConnections", {})).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
    });
  expect(emulator.tokens.granted).toHaveLength(1);
});

test("read-only lets no write leave, and still lists flows by POST", async () => {
  const { restart, emulator } = await open();
  const habu = restart({ readOnly: true }).session();
  await expect(
    habu.call("createCleanroom", { body: { name: "x", startAt: "d", type: "Hybrid" } }),
  ).rejects.toEqual(broken("PERMISSION_DENIED", "READ_ONLY"));
  const cleanroomId = emulator.world.rooms[0]?.id ?? "";
  expect(
    (await habu.call("listCleanroomFlows", { path: { cleanroomId }, body: { limit: 10 } })).cleanRoomFlows,
  ).toHaveLength(1);
  expect(emulator.journal.counts().createCleanroom).toBeUndefined();
});

test("a call that grows beyond its budget stops", async () => {
  const { session } = await open();
  const habu = session(2);
  await habu.call("getAllCleanrooms", {});
  await habu.call("getAllDataConnections", {});
  expect(habu.spent.left).toBe(0);
  await expect(habu.call("getAllDataSources", {})).rejects.toEqual(broken("RESULT_TOO_LARGE", "CALL_BUDGET"));
});

test("the circuit opens after failures in a row, answers at once, and closes again", async () => {
  const states: string[] = [];
  const { session, emulator, transport } = await open({
    transport: {
      retries: 0,
      breaker: { failures: 3, halfOpenMs: 50 },
      onCircuit: (state) => void states.push(state),
    },
  });
  await session().call("getHealth", {});
  emulator.faults.set({ rate: 1, kinds: ["500"] });
  for (let n = 0; n < 3; n += 1)
    await expect(session().call("getHealth", {})).rejects.toMatchObject({ code: "UPSTREAM_ERROR" });
  const before = emulator.journal.entries.length;
  await expect(session().call("getHealth", {})).rejects.toEqual(broken("UNAVAILABLE", "CIRCUIT_OPEN"));
  expect(emulator.journal.entries.length).toBe(before);
  expect(transport.circuit).toBe("open");
  emulator.faults.set({});
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(await session().call("getHealth", {})).toMatchObject({ status: "UP" });
  expect(transport.circuit).toBe("closed");
  expect(states).toEqual(["open", "closed"]);
});

test("at most four requests are out at once", async () => {
  const { session, emulator } = await open({ faults: { latencyMs: 40 } });
  const habu = session();
  const started = performance.now();
  await habu.call("getAllCleanrooms", {});
  const rooms = emulator.world.rooms.slice(0, 6);
  const oneByOne = performance.now() - started;
  await Promise.all(
    [...rooms, ...rooms].map(({ id }, n) =>
      habu.call("getAllCleanroomQuestions", { path: { cleanroomId: id }, query: { limit: 100 + n } }),
    ),
  );
  const spread = performance.now() - started - oneByOne;
  expect(spread).toBeGreaterThan(3 * 40 - 10);
});

test("a list without a body is an empty list", async () => {
  const { session, emulator } = await open();
  emulator.world.switches.emptyListBody = true;
  const room = emulator.world.rooms.find(({ name }) => name === "Audience Lab");
  expect(await session().call("getAllCleanroomQuestions", { path: { cleanroomId: room?.id ?? "" } })).toEqual(
    [],
  );
});

test("a server that is not there is a connection error which says that nothing was made", async () => {
  const { restart } = await open();
  const { session } = restart({ baseUrl: "http://127.0.0.1:9/v1", retries: 0 });
  await expect(session().call("getHealth", {})).rejects.toMatchObject({
    code: "CONNECTION_ERROR",
    details: { applied: "no" },
  });
  await expect(session().call("getAllCleanrooms", {})).rejects.toMatchObject({
    code: "CONNECTION_ERROR",
    details: { applied: "no" },
  });
});

test("an aborted call stops waiting and says that it cannot know", async () => {
  const { client } = await open({ faults: { latencyMs: 300 } });
  const stop = new AbortController();
  const habu = client.session({ signal: stop.signal, requestId: "r" });
  setTimeout(() => stop.abort(), 60);
  await expect(habu.call("getHealth", {})).rejects.toEqual(broken("CANCELLED", "CANCELLED"));
});
