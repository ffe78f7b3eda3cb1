import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { TestDatabase } from "./database.ts";

/** The word no caller may see; every table outside the policy holds it. */
export const secret = "topsecret-4711";

/** app.orders is what the policy allows; everything else here is something to protect. */
export const fortress = `
  CREATE SCHEMA app;
  CREATE SCHEMA hr;
  CREATE TABLE app.orders (id int PRIMARY KEY, amount numeric, note text);
  INSERT INTO app.orders SELECT n, n * 1.5, 'note ' || n FROM generate_series(1, 200) n;
  CREATE TABLE hr.secret (id int, word text);
  INSERT INTO hr.secret SELECT n, '${secret}' FROM generate_series(1, 20) n;
  CREATE TABLE app.hidden AS SELECT * FROM hr.secret;
  CREATE TABLE app.vault (id int, word text) PARTITION BY RANGE (id);
  CREATE TABLE app.vault_1 PARTITION OF app.vault FOR VALUES FROM (0) TO (100);
  INSERT INTO app.vault SELECT * FROM hr.secret;
  CREATE VIEW app.peek AS SELECT word FROM hr.secret;
  CREATE VIEW app.peek_again AS SELECT word FROM app.peek;
  CREATE SEQUENCE app.numbers;
  CREATE FUNCTION app.leak() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT max(word) FROM hr.secret';
  CREATE FUNCTION app.leaks() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER AS 'SELECT word FROM hr.secret';
  CREATE FUNCTION app.burn() RETURNS int LANGUAGE sql SECURITY DEFINER AS
    'UPDATE hr.secret SET word = word || ''!'' RETURNING id';
  CREATE EXTENSION file_fdw;
  CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
  CREATE FOREIGN TABLE app.outside (word text) SERVER files OPTIONS (program 'echo ${secret}');
  ANALYZE;
`;

export const fortressPolicy = {
  schemas: ["app"],
  excludeTables: ["app.hidden", "app.vault"],
} as const;

/** Rights of a minimal reader: what the policy allows and not a bit more. */
export function grantReader(login: string): string {
  return `GRANT USAGE ON SCHEMA app TO ${login};
    GRANT SELECT ON app.orders, app.peek, app.peek_again TO ${login};`;
}

const copies = ["/tmp/sql-explorer-copied.txt"];

/** Everything an attack could change, as one digest; "gone" when a table is. */
export async function stateOf(database: TestDatabase): Promise<string> {
  const [intact] = await database.run("SELECT to_regclass('app.orders') AS orders");
  if (intact?.["orders"] === null) return "gone";
  const [row] = await database.run(`SELECT json_build_object(
    'orders', (SELECT md5(string_agg(o::text, ',' ORDER BY o.id)) FROM app.orders o),
    'secret', (SELECT md5(string_agg(s::text, ',' ORDER BY s.id)) FROM hr.secret s),
    'relations', (SELECT string_agg(concat(relname, relnatts, relacl::text, obj_description(oid)), ',' ORDER BY oid)
      FROM pg_class WHERE relnamespace IN ('app'::regnamespace, 'hr'::regnamespace)),
    'numbers', (SELECT concat(last_value, is_called) FROM app.numbers),
    'objects', (SELECT count(*) FROM pg_largeobject_metadata),
    'locks', (SELECT string_agg(concat(locktype, mode, relation::regclass), ',' ORDER BY locktype, mode)
      FROM pg_locks l WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND pid IN (SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend') AND pid <> pg_backend_pid() AND (locktype = 'advisory' OR mode NOT IN ('AccessShareLock')))
  )::text AS state`);
  const files = copies.map((path) => existsSync(path)).join();
  return createHash("sha256").update(`${row?.["state"]}${files}`).digest("hex");
}

export async function removeCopies(): Promise<void> {
  for (const path of copies) await rm(path, { force: true });
}
