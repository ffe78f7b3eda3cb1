import { randomBytes } from "node:crypto";
import pg from "pg";

export interface TestDatabase {
  readonly name: string;
  /** As the superuser, or as a login made with `login`. */
  url(login?: string): string;
  /** Runs statements as the superuser. */
  run(sql: string): Promise<Record<string, unknown>[]>;
  /** A login with no rights of its own, named after the database so that tests do not meet; returns its name. */
  login(suffix: string, options?: string): Promise<string>;
  drop(): Promise<void>;
}

/** A database of its own on the test cluster, empty or a copy of one nobody is connected to. */
export async function createTestDatabase(template?: string): Promise<TestDatabase> {
  const base = process.env.TEST_POSTGRES_URL;
  if (base === undefined) {
    throw new Error(
      "TEST_POSTGRES_URL is not set; run: node scripts/services.mjs run -- npx vitest run PATH",
    );
  }
  const name = `t_${randomBytes(6).toString("hex")}`;
  const logins: string[] = [];
  await once(base, `CREATE DATABASE ${name} TEMPLATE ${template ?? "template1"}`);
  const url = (login?: string) => {
    const parsed = new URL(base);
    parsed.pathname = `/${name}`;
    if (login !== undefined) parsed.username = login;
    return parsed.toString();
  };
  const run = (sql: string) => once(url(), sql);
  return {
    name,
    url,
    run,
    async login(suffix, options = "") {
      const login = `${name}_${suffix}`;
      await run(`CREATE ROLE ${login} LOGIN ${options}`);
      logins.push(login);
      return login;
    },
    async drop() {
      await once(base, `DROP DATABASE ${name} WITH (FORCE)`);
      for (const login of logins) await once(base, `DROP ROLE ${login}`);
    },
  };
}

async function once(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  client.on("error", () => undefined);
  await client.connect();
  try {
    const results: unknown = await client.query(sql);
    const last = Array.isArray(results) ? results.at(-1) : results;
    return (last as pg.QueryResult<Record<string, unknown>>).rows;
  } finally {
    await client.end();
  }
}
