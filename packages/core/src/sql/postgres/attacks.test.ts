import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GateCatalog } from "../policy.ts";
import { attackCorpus } from "./corpus/attacks/index.ts";
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
  searchPath,
  startOwnServer,
} from "./testing/index.ts";

// Wall 1 alone: a superuser, autocommit, no read-only transaction; only what the gate accepts is run.
let server: OwnServer;
let session: pg.Client;
let oracle: EffectOracle;
let gate: Gate;
let catalog: GateCatalog;

beforeAll(async () => {
  server = await startOwnServer();
  session = await connect(server.url, {
    options: `-c search_path=${searchPath.join(",")} -c statement_timeout=5000`,
  });
  await session.query(fixtureSql);
  await session.query(hostileSql);
  catalog = await readCatalog(session, searchPath);
  oracle = await createEffectOracle(server.url, () => session);
  gate = await createPostgresGate();
}, 120_000);

afterAll(async () => {
  await oracle?.close();
  await session?.end();
  await server?.stop();
});

const families = [...new Set(attackCorpus.map((attack) => attack.family))];

test("the corpus is large and covers many families", () => {
  expect(attackCorpus.length).toBeGreaterThanOrEqual(200);
  expect(new Set(attackCorpus.map((attack) => attack.sql)).size).toBe(attackCorpus.length);
});

describe.each(families)("%s", (family) => {
  const members = attackCorpus.filter((attack) => attack.family === family);

  test("each statement gets the expected verdict", () => {
    const verdicts = members.map(({ sql }) => {
      const verdict = gate.check(fill(sql), { policy: fixturePolicy, catalog, params: 0 });
      return { sql, verdict: verdict.ok ? "accepted" : verdict.reason };
    });
    expect(verdicts).toEqual(members.map(({ sql, expected }) => ({ sql, verdict: expected })));
  });

  test("what is accepted runs as superuser and leaves no effect, with a catalog and without", async () => {
    for (const { sql, needsCatalog } of members) {
      const text = fill(sql);
      for (const known of needsCatalog ? [catalog] : [catalog, undefined]) {
        const verdict = gate.check(text, {
          policy: fixturePolicy,
          ...(known === undefined ? {} : { catalog: known }),
          params: 0,
        });
        if (!verdict.ok) continue;
        const run = await execute(session, verdict.text);
        expect(await oracle.effects(), sql).toEqual([]);
        expect(leaks(run, verdict), sql).toEqual([]);
        if (family === "odd but permitted spellings") expect(run.message, sql).toBeUndefined();
      }
    }
  });
});

test("without a catalog no refusal of the corpus turns into an acceptance, but where only a catalog can tell", () => {
  const slipped = attackCorpus.filter(({ sql, expected, needsCatalog }) => {
    if (expected === "accepted" || needsCatalog) return false;
    return gate.check(fill(sql), { policy: fixturePolicy, params: 0 }).ok;
  });
  expect(slipped.map(({ sql }) => sql)).toEqual([]);
});

function fill(sql: string): string {
  return sql.replaceAll("{canary}", oracle.canaryDir).replaceAll("{bystander}", String(oracle.bystanderPid));
}
