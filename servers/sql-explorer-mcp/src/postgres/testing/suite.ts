import { afterAll, beforeAll } from "vitest";
import type { Engine } from "../../engine/engine.ts";
import type { Walls } from "../engine.ts";
import type { PostgresOptions } from "../options.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { testEngine } from "./engine.ts";

export interface Suite {
  readonly database: TestDatabase;
  /** An engine that is closed with the suite. */
  engine(options?: Partial<PostgresOptions>, walls?: Walls, login?: string): Engine;
}

/** One database for the tests of a file, made by `sql` and dropped at the end. */
export function postgresSuite(sql: string): Suite {
  let database: TestDatabase | undefined;
  const engines: Engine[] = [];
  const made = () => {
    if (database === undefined) throw new Error("the suite's database is made before its tests run");
    return database;
  };
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.run(sql);
  });
  afterAll(async () => {
    for (const engine of engines) await engine.close();
    await database?.drop();
  });
  return {
    get database() {
      return made();
    },
    engine(options, walls, login) {
      const engine = testEngine(made().url(login), options, walls);
      engines.push(engine);
      return engine;
    },
  };
}
