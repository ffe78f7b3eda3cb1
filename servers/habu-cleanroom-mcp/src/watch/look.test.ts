import { expect, test } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";
import { lookAround, type Seen } from "./look.ts";

const signal = new AbortController().signal;

async function watched(options: Parameters<typeof openTools>[0] = {}) {
  const bench = await openTools(options);
  let before: Seen | undefined;
  const look = async () => {
    bench.emulator.clock.advance(15 * 60_000);
    const { seen, alerts } = await lookAround(bench.services, before, signal);
    before = seen;
    return alerts;
  };
  return { ...bench, look };
}

test("the first look alerts nobody of what is old, and a second finds nothing new", async () => {
  const { look, emulator } = await watched();
  expect(await look()).toEqual([]);
  expect(await look()).toEqual([]);
  expect(emulator.journal.violations()).toEqual([]);
  expect(
    emulator.journal.entries.every(({ method, path }) => method === "GET" || path.endsWith("/token")),
  ).toBe(true);
});

test("a connection that leaves its good state is told once; one that was bad before is not", async () => {
  const { look, emulator } = await watched();
  await look();
  const crm = emulator.world.connections.find(({ name }) => name === "Acme CRM");
  if (crm !== undefined) Object.assign(crm, { outcome: "CONFIGURATION_FAILED", completeAt: undefined });
  expect(await look()).toEqual([{ kind: "connection_left_good_state", subject: crm?.id, detail: "failed" }]);
  expect(await look()).toEqual([]);
});

test("a run that fails and an invitation that is answered are told once", async () => {
  const { look, emulator, ok } = await watched();
  await look();
  emulator.world.scripts.set("Frequency Report", { path: ["FAILED"], failureReason: "memory" });
  await ok("execute_question_workflow", { question: "Frequency Report" });
  emulator.answerInvitation("ines.gold@initech.example", "DECLINED");
  emulator.clock.advance(3_600_000);
  expect((await look()).map(({ kind, detail }) => [kind, detail])).toEqual([
    ["run_failed", expect.stringMatching(/^CRQ-\d+ FAILED$/)],
    ["invitation_answered", "DECLINED"],
  ]);
  expect(await look()).toEqual([]);
});

test("a budget that is nearly spent is told once, and again when it was free in between", async () => {
  const { look, services, emulator } = await watched();
  await look();
  const spend = async () => {
    for (let n = 0; n < 16; n += 1) await services.ledger.reserve("question");
  };
  const nearly = [{ kind: "budget_nearly_spent", subject: "question runs", detail: "16 of 20 this hour" }];
  await spend();
  expect(await look()).toEqual(nearly);
  expect(await look()).toEqual([]);
  emulator.clock.advance(3_600_000);
  expect(await look()).toEqual([]);
  await spend();
  expect(await look()).toEqual(nearly);
});

test("rooms whose people may not be read are passed over", async () => {
  const { look, emulator } = await watched();
  for (const room of emulator.world.rooms) room.admin = false;
  expect(await look()).toEqual([]);
});
