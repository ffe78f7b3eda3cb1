import { afterAll, beforeAll, expect, test } from "vitest";
import { legitimate } from "./corpus/legitimate.ts";
import { createFixture, type Fixture, policy } from "./testing/fixture.ts";
import { type TestGate, testGate } from "./testing/gate.ts";
import { type OpenInstance, openInstance } from "./testing/open-instance.ts";

let fixture: Fixture;
let open: OpenInstance;
let gate: TestGate;

beforeAll(async () => {
  fixture = await createFixture();
  open = await openInstance(fixture);
  gate = await testGate(open);
});

afterAll(async () => {
  gate.close();
  open.close();
  await fixture.remove();
});

test("ordinary analytic SQL passes and runs", { timeout: 60_000 }, async () => {
  expect(legitimate.length).toBeGreaterThanOrEqual(150);
  const failures: string[] = [];
  for (const sql of legitimate) {
    const verdict = await gate.gate.check(sql, { policy, catalog: gate.catalog });
    if (!verdict.ok) failures.push(`${sql}: refused, ${verdict.message}`);
    else await open.rows(sql, 20).catch((error: Error) => failures.push(`${sql}: ${error.message}`));
  }
  expect(failures).toEqual([]);
});

test("a LIMIT can follow every accepted text that has none", { timeout: 60_000 }, async () => {
  for (const sql of legitimate.flatMap((text) => [text, `${text} ; -- end`])) {
    const verdict = await gate.gate.check(sql, { policy, catalog: gate.catalog });
    if (!verdict.ok || verdict.limit.kind !== "none") continue;
    const limited = `${verdict.text}\nLIMIT 1`;
    const [, rows] = JSON.parse(await open.rows(limited, 20)) as [string[], unknown[]];
    expect(rows.length, limited).toBeLessThanOrEqual(1);
  }
});
