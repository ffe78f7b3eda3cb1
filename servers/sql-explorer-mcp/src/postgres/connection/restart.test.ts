import { setTimeout as pause } from "node:timers/promises";
import { isToolError } from "@mcp-data/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Engine } from "../../engine/engine.ts";
import { request } from "../testing/access.ts";
import { testEngine } from "../testing/engine.ts";
import { createTestServer, type TestServer } from "../testing/server.ts";
import { openGate, readOnlySession } from "../testing/walls.ts";

let server: TestServer;
let engine: Engine;
beforeAll(async () => {
  server = await createTestServer();
  await server.start();
  engine = testEngine(
    server.url,
    { poolMax: 4, connectTimeoutMs: 2_000 },
    { gate: openGate, session: readOnlySession() },
  );
  await engine.query(request("SELECT 1"));
});
afterAll(async () => {
  await engine.close();
  await server.remove();
});

test("a server killed and started again under load gives errors only in between, and no wrong answer", async () => {
  let stop = false;
  let down = false;
  const answers = { good: 0, during: 0, wrong: [] as unknown[], outside: [] as unknown[] };
  const worker = async (name: number) => {
    for (let n = 0; !stop; n += 1) {
      const wanted = name * 1_000_000 + n;
      const wasDown = down;
      try {
        const { rows } = await engine.query(request(`SELECT ${wanted}::int8`));
        if (rows[0]?.[0] === wanted) answers.good += 1;
        else answers.wrong.push(rows);
      } catch (error) {
        if (!isToolError(error) || !["CONNECTION_ERROR", "UNAVAILABLE"].includes(error.code))
          answers.wrong.push(error);
        else if (wasDown || down) answers.during += 1;
        else answers.outside.push(error);
        await pause(20);
      }
    }
  };
  const workers = Array.from({ length: 8 }, (_, name) => worker(name));
  await pause(400);
  down = true;
  await server.kill();
  await pause(300);
  await server.start();
  // What was sent before the server was back may still fail.
  await pause(300);
  down = false;
  const goodBefore = answers.good;
  await pause(600);
  stop = true;
  await Promise.all(workers);
  expect(answers.wrong).toEqual([]);
  expect(answers.outside).toEqual([]);
  expect(answers.during).toBeGreaterThan(0);
  expect(answers.good).toBeGreaterThan(goodBefore);
});

test("a server that stops answering is given up at the time limit, and works again when it wakes", async () => {
  await engine.query(request("SELECT 1"));
  server.signal("SIGSTOP");
  const started = performance.now();
  try {
    await expect(engine.query(request("SELECT 2", { timeoutMs: 500 }))).rejects.toMatchObject({
      code: "QUERY_TIMEOUT",
    });
    expect(performance.now() - started).toBeLessThan(2_500);
  } finally {
    server.signal("SIGCONT");
  }
  expect((await engine.query(request("SELECT 3"))).rows).toEqual([[3]]);
});

test("a server that is asleep does not keep the engine from closing", async () => {
  const own = testEngine(server.url, {}, { gate: openGate, session: readOnlySession() });
  await own.query(request("SELECT 1"));
  server.signal("SIGSTOP");
  try {
    const started = performance.now();
    await own.close();
    expect(performance.now() - started).toBeLessThan(2_000);
  } finally {
    server.signal("SIGCONT");
  }
});
