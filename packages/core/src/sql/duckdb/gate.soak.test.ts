import { afterAll, beforeAll, expect, test } from "vitest";
import { foldName } from "./ast.ts";
import { attackGroups } from "./corpus/index.ts";
import { legitimate } from "./corpus/legitimate.ts";
import { createFixture, type Fixture, fill, marker, policy } from "./testing/fixture.ts";
import { type TestGate, testGate } from "./testing/gate.ts";
import { createDice, mutate } from "./testing/mutate.ts";
import { type OpenInstance, openInstance } from "./testing/open-instance.ts";

const seconds = Number(process.env.SOAK_SECONDS ?? 20);
const seed = Number(process.env.SOAK_SEED ?? Date.now() % 2 ** 31);

let fixture: Fixture;
let open: OpenInstance;
let gate: TestGate;
const cwd = process.cwd();

beforeAll(async () => {
  fixture = await createFixture();
  open = await openInstance(fixture);
  gate = await testGate(open);
});

afterAll(async () => {
  process.chdir(cwd);
  gate.close();
  open.close();
  await fixture.remove();
});

/** Runs an accepted text for a short while; what came of it as its caller would see it. */
async function outcome(sql: string, masked: readonly string[]): Promise<string> {
  const timer = setTimeout(() => open.connection.interrupt(), 300);
  try {
    const [names, rows] = JSON.parse(await open.rows(sql, 30)) as [string[], unknown[][]];
    return JSON.stringify(
      rows.map((row) =>
        row.map((cell, index) => (masked.includes(foldName(names[index] ?? "")) ? "***" : cell)),
      ),
    );
  } catch (error) {
    // A failed cast or the like: the engine's own words, which may quote a value.
    return String(error);
  } finally {
    clearTimeout(timer);
  }
}

test(`mutated texts, ${seconds} s: what is accepted has no effect and shows no secret`, {
  timeout: seconds * 1_000 + 60_000,
}, async () => {
  console.error(`fuzz seed ${seed} (SOAK_SEED), ${seconds} s (SOAK_SECONDS)`);
  process.chdir(fixture.folder);
  const dice = createDice(seed);
  const texts = [
    ...attackGroups.flatMap((group) => group.attacks.map((attack) => attack.sql)),
    ...legitimate,
  ];
  const before = await open.effects();
  const until = Date.now() + seconds * 1_000;
  let tried = 0;
  let accepted = 0;
  let ran = 0;
  while (Date.now() < until) {
    const sql = fill(mutate(dice.pick(texts), dice.pick(texts), dice), fixture);
    const verdict = await gate.gate.check(sql, { policy, catalog: gate.catalog });
    tried++;
    if (!verdict.ok) continue;
    accepted++;
    const shown = await outcome(verdict.text, verdict.maskedOutputs ?? []);
    if (shown.startsWith("[")) ran++;
    expect(shown.toUpperCase(), `seed ${seed}: ${sql}`).not.toContain(marker);
    expect(
      verdict.tables.map((table) => table.name),
      sql,
    ).not.toContain("secrets");
    if (accepted % 200 === 0) expect(await open.effects(), `seed ${seed}: near ${sql}`).toBe(before);
  }
  console.error(`${tried} texts, ${accepted} accepted, ${ran} ran`);
  expect(await open.effects()).toBe(before);
  // The mutations must stay close enough to SQL to mean something.
  expect(ran).toBeGreaterThan(tried / 100);
});
