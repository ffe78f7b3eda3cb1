import { randomInt } from "node:crypto";
import fc from "fast-check";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GateCatalog } from "../policy.ts";
import { capRows } from "../row-cap.ts";
import type { Verdict } from "../verdict.ts";
import { analyticsCorpus } from "./corpus/analytics/index.ts";
import { attackCorpus } from "./corpus/attacks/index.ts";
import { mutate } from "./corpus/mutate.ts";
import { createPostgresGate, type Gate } from "./index.ts";
import {
  connect,
  createEffectOracle,
  type EffectOracle,
  execute,
  fixturePolicy,
  fixtureSql,
  hostileSql,
  leaks,
  type OwnServer,
  readCatalog,
  rolesSql,
  searchPath,
  startOwnServer,
} from "./testing/index.ts";

const seconds = Number(process.env.SOAK_SECONDS ?? 20);
const seed = Number(process.env.SOAK_SEED ?? randomInt(1, 2 ** 31));

const attackTexts = attackCorpus.map((attack) => attack.sql);
const pool = [...attackTexts, ...Object.values(analyticsCorpus).flat()];

let server: OwnServer;
let attacker: pg.Client;
let plain: pg.Client;
let masked: pg.Client;
let oracle: EffectOracle;
let gate: Gate;
let catalog: GateCatalog;

beforeAll(async () => {
  server = await startOwnServer();
  const path = `-c search_path=${searchPath.join(",")} -c statement_timeout=400`;
  attacker = await connect(server.url, { options: path.replace("400", "60000") });
  await attacker.query(fixtureSql);
  await attacker.query(hostileSql);
  await attacker.query(rolesSql);
  await attacker.query("SET statement_timeout = 400");
  const readOnly = `${path} -c default_transaction_read_only=on`;
  plain = await connect(server.url, { options: `${readOnly} -c role=sees_plain` });
  masked = await connect(server.url, { options: `${readOnly} -c role=sees_masked` });
  expect((await execute(masked, "SELECT ssn FROM customers")).code).toBe("42501");
  expect((await execute(plain, "SELECT email FROM customers")).code).toBe("42501");
  catalog = await readCatalog(attacker, searchPath);
  oracle = await createEffectOracle(server.url, () => attacker);
  gate = await createPostgresGate();
}, 120_000);

afterAll(async () => {
  await oracle?.close();
  await attacker?.end();
  await plain?.end();
  await masked?.end();
  await server?.stop();
});

const steps = fc.array(fc.record({ kind: fc.nat(1_000), at: fc.nat(10_000), with: fc.nat(10_000) }), {
  minLength: 0,
  maxLength: 4,
});

test("whatever mutation the gate accepts is a read: no effect, nothing protected touched, fine in a read-only transaction", {
  timeout: seconds * 1_000 + 60_000,
}, async () => {
  let checked = 0;
  let accepted = 0;
  process.stderr.write(`gate soak: seed ${seed}, ${seconds} s\n`);
  await fc.assert(
    fc.asyncProperty(fc.nat(pool.length - 1), steps, async (index, mutations) => {
      const sql = fill(mutate(pool[index] ?? "", mutations, pool));
      const verdict = gate.check(sql, { policy: fixturePolicy, catalog, params: 0 });
      checked++;
      if (!verdict.ok) return;
      accepted++;
      await holds(sql, verdict);
    }),
    {
      seed,
      numRuns: Number.MAX_SAFE_INTEGER,
      interruptAfterTimeLimit: seconds * 1_000,
      markInterruptAsFailure: false,
    },
  );
  process.stderr.write(`gate soak: ${checked} statements, ${accepted} accepted and run\n`);
  expect(accepted).toBeGreaterThan(seconds);
  expect(accepted).toBeLessThan(checked);
});

async function holds(sql: string, verdict: Extract<Verdict, { ok: true }>): Promise<void> {
  // The text alone, as it will run, means what the gate judged.
  const again = gate.check(verdict.text, { policy: fixturePolicy, catalog, params: 0 });
  expect(again).toEqual(verdict);
  const capped = capRows(verdict, { maxRows: 50 }).text;
  const run = await execute(attacker, capped);
  expect(await oracle.effects(), sql).toEqual([]);
  expect(leaks(run, verdict), sql).toEqual([]);
  // 25006: a write in a read-only transaction. 42501: a column, table or schema the policy withholds.
  const reader = verdict.maskedOutputs === undefined ? plain : masked;
  const read = await execute(reader, capped);
  const forbidden = needsWholeRow(sql) ? ["25006"] : ["25006", "42501"];
  expect(forbidden, `${sql}: ${read.message}`).not.toContain(read.code);
  // A syntax error is the statement's own, never the appended LIMIT's.
  if (read.code === "42601") expect((await execute(reader, verdict.text)).message, capped).toBe(read.message);
}

/** `(c).name`, `ctid`: under column grants the server wants the whole row's rights, the gate the field's, or none. */
function needsWholeRow(sql: string): boolean {
  return /\)\s*\.\s*["\w]|\bctid\b/i.test(sql);
}

function fill(sql: string): string {
  return sql.replaceAll("{canary}", oracle.canaryDir).replaceAll("{bystander}", String(oracle.bystanderPid));
}
