import { afterAll, beforeAll, expect, test } from "vitest";
import { foldName } from "./ast.ts";
import { attackGroups } from "./corpus/index.ts";
import { createFixture, type Fixture, fill, marker, policy } from "./testing/fixture.ts";
import { type TestGate, testGate } from "./testing/gate.ts";
import { type OpenInstance, openInstance } from "./testing/open-instance.ts";

let fixture: Fixture;
let open: OpenInstance;
let gate: TestGate;
const cwd = process.cwd();

beforeAll(async () => {
  fixture = await createFixture();
  open = await openInstance(fixture);
  gate = await testGate(open);
  process.env.SECRET_ENV = `${marker}_env`;
});

afterAll(async () => {
  process.chdir(cwd);
  gate.close();
  open.close();
  await fixture.remove();
});

/** Rows as the caller would get them: masked outputs replaced. */
async function shown(sql: string, masked: readonly string[] = []): Promise<string> {
  const [names, rows] = JSON.parse(await open.rows(sql, 50)) as [string[], unknown[][]];
  return JSON.stringify(
    rows.map((row) =>
      row.map((cell, index) => (masked.includes(foldName(names[index] ?? "")) ? "***" : cell)),
    ),
  );
}

for (const { family, attacks } of attackGroups) {
  const label = attacks.every((attack) => attack.reason === undefined) ? "does no harm" : attacks[0]?.reason;
  test(`${family}: ${attacks.length} texts, ${label}`, { timeout: 60_000 }, async () => {
    process.chdir(fixture.folder);
    const before = await open.effects();
    for (const attack of attacks) {
      const sql = fill(attack.sql, fixture);
      const verdict = await gate.gate.check(sql, { policy, catalog: gate.catalog });
      const judged = verdict.ok ? undefined : verdict.reason;
      expect({ sql, judged }).toEqual({ sql, judged: attack.reason });
      if (!verdict.ok) {
        expect(verdict.message, sql).not.toContain(marker);
        continue;
      }
      expect(await shown(verdict.text, verdict.maskedOutputs), sql).not.toContain(marker);
    }
    expect(await open.effects()).toBe(before);
  });
}

test("the corpus is as large as it claims and holds no text twice", () => {
  const texts = attackGroups.flatMap((group) => group.attacks.map((attack) => attack.sql));
  expect(texts.length).toBeGreaterThanOrEqual(400);
  expect(new Set(texts).size).toBe(texts.length);
});
