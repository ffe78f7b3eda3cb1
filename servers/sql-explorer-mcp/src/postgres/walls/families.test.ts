import { createPostgresGate } from "@mcp-data/core/sql/postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../engine/engine.ts";
import type { Walls } from "../engine.ts";
import { access, limits, request } from "../testing/access.ts";
import { createTestDatabase, type TestDatabase } from "../testing/database.ts";
import { testEngine } from "../testing/engine.ts";
import { fortress, fortressPolicy, grantReader, removeCopies, secret, stateOf } from "../testing/fortress.ts";
import { postgresSuite } from "../testing/suite.ts";
import { openGate, openSession, readOnlySession } from "../testing/walls.ts";
import { attackFamilies, type Wall } from "./families.ts";

const suite = postgresSuite(fortress);
const shortMs = 1_000;

interface Victim {
  readonly client: pg.Client;
  readonly heard: string[];
  died(): boolean;
}

/** Another session of the same database, which attacks may reach. */
async function openVictim(url: string): Promise<Victim> {
  const client = new pg.Client({ connectionString: url, application_name: "victim" });
  const heard: string[] = [];
  let dead = false;
  client.on("error", () => {
    dead = true;
  });
  client.on("notification", (message) => heard.push(message.payload ?? ""));
  await client.connect();
  await client.query("LISTEN gossip");
  return { client, heard, died: () => dead };
}

let victim: Victim;
beforeAll(async () => {
  victim = await openVictim(suite.database.url());
});
afterAll(async () => {
  if (!victim.died()) await victim.client.end();
  await removeCopies();
});

async function engineWith(wall: Wall): Promise<Engine> {
  const walls: Walls = {
    gate: wall === "text" ? await createPostgresGate() : openGate,
    session: wall === "session" ? readOnlySession() : openSession(),
  };
  return suite.engine({ poolMax: 1 }, walls, wall === "login" ? await reader() : undefined);
}

let login: string | undefined;
async function reader(): Promise<string> {
  if (login !== undefined) return login;
  login = await suite.database.login("reader");
  await suite.database.run(grantReader(login));
  return login;
}

function attempt(sql: string, planCheck: boolean) {
  return request(sql, {
    timeoutMs: shortMs,
    access: access(fortressPolicy, {
      planCheck,
      limits: { ...limits, timeoutMs: shortMs, maxCost: 1_000_000 },
    }),
  });
}

/** What the attack brought: words it should not have, or the failure it met. */
async function outcome(engine: Engine, sql: string, planCheck: boolean) {
  try {
    const { rows } = await engine.query(attempt(sql, planCheck));
    return { failed: undefined, shown: JSON.stringify(rows) };
  } catch (error) {
    return { failed: error, shown: "" };
  }
}

const nextCaller = `SELECT current_user, session_user, current_setting('statement_timeout'),
  current_setting('timezone'), current_setting('default_transaction_isolation'),
  current_setting('work_mem'), current_setting('transaction_read_only'),
  (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_cursors WHERE name <> ''),
  (SELECT count(*) FROM pg_listening_channels())`;

const walls = ["text", "plan", "session", "login"] as const;
for (const wall of walls) {
  describe(`the ${wall} wall alone`, () => {
    let engine: Engine;
    let before: string;
    let cleanState: unknown;
    beforeAll(async () => {
      engine = await engineWith(wall);
      before = await stateOf(suite.database);
      if (wall === "session") cleanState = (await engine.query(attempt(nextCaller, false))).rows;
    });

    for (const family of attackFamilies.filter((one) => one.stoppedBy.includes(wall))) {
      test.each(family.attacks)(`${family.name}: %s`, async (sql) => {
        const { failed, shown } = await outcome(engine, sql, wall === "plan");
        expect(shown.toLowerCase()).not.toContain(secret);
        if (wall === "text" || wall === "plan" || family.name === "Endless work")
          expect(failed).toBeDefined();
        expect(await stateOf(suite.database)).toBe(before);
        await victim.client.query("SELECT 1");
        expect({ heard: victim.heard, died: victim.died() }).toEqual({ heard: [], died: false });
        if (wall === "session")
          expect((await engine.query(attempt(nextCaller, false))).rows).toEqual(cleanState);
      });
    }
  });
}

/** Bounded by nothing but the walls: there is no seeing them end. */
const endless = new Set(["Endless work", "Work above the cost ceiling"]);
/** Kept out by the extended protocol, which the engine always speaks. */
const simpleProtocol = new Set(["Stacked statements", "Data by COPY to the client"]);
/** Their harm is that they are answered at all. */
const answered = new Set([
  "System catalogs",
  "Server files, in FROM",
  "Server files, in expressions",
  "Row locks",
  "Table locks",
  "Ending the transaction",
  "Data by COPY to the client",
]);

describe("without any wall", () => {
  const template = postgresSuite(fortress);
  const harmful = attackFamilies.filter((family) => !endless.has(family.name));
  const attacks = harmful.flatMap((family) => family.attacks.map((sql) => [family.name, sql] as const));

  let stage: { database: TestDatabase; clean: string } | undefined;
  const leave = async () => {
    await stage?.database.drop();
    stage = undefined;
  };
  afterAll(leave);
  const enter = async () => {
    if (stage !== undefined) return stage;
    const database = await createTestDatabase(template.database.name);
    stage = { database, clean: await stateOf(database) };
    return stage;
  };

  test.each(attacks)("%s does its harm: %s", async (family, sql) => {
    const { database, clean } = await enter();
    const other = await openVictim(database.url());
    const engine = testEngine(database.url(), { poolMax: 1 }, { gate: openGate, session: openSession() });
    try {
      const untouched = (await outcome(engine, nextCaller, false)).shown;
      const simple = simpleProtocol.has(family);
      if (simple) await database.run(sql);
      const { failed, shown } = simple ? { failed: undefined, shown: "" } : await outcome(engine, sql, false);
      expect(failed).toBeUndefined();
      await other.client.query("SELECT 1").catch(() => undefined);
      const changed = (await stateOf(database)) !== clean;
      const harms = [
        answered.has(family),
        shown.toLowerCase().includes(secret),
        (await outcome(engine, nextCaller, false)).shown !== untouched,
        changed,
        other.heard.length > 0,
        other.died(),
      ];
      await engine.close();
      await removeCopies();
      if (changed) await leave();
      expect(harms).toContain(true);
    } finally {
      await engine.close();
      if (!other.died()) await other.client.end().catch(() => undefined);
    }
  });
});
