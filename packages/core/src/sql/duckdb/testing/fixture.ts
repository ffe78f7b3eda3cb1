import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { SqlPolicy } from "../../policy.ts";

/** Stands in every value a caller may never see. */
export const marker = "SECRETMARK";

export interface Fixture {
  readonly root: string;
  /** Folder of data files. */
  readonly folder: string;
  /** A file outside that folder. */
  readonly canary: string;
  readonly db: string;
  remove(): Promise<void>;
}

/** people.ssn denied, people.email masked, secrets excluded, the schema hidden not allowed. */
export const policy: SqlPolicy = {
  schemas: ["main"],
  excludeTables: ["secrets"],
  columns: { people: { deny: ["ssn"], mask: ["email"] } },
};

const statements = (fixture: Omit<Fixture, "remove">) => `
CREATE TYPE mood AS ENUM ('calm', 'busy');
CREATE SEQUENCE sq;
CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR, email VARCHAR, ssn VARCHAR);
INSERT INTO people VALUES (1, 'Ada', '${marker}_a@x', '${marker}_1'), (2, 'Bo', '${marker}_b@x', '${marker}_2');
CREATE TABLE orders (id INTEGER, person INTEGER, amount DECIMAL(10, 2), note VARCHAR);
INSERT INTO orders SELECT range, 1 + range % 2, range * 1.25, 'note ' || range FROM range(1000);
CREATE TABLE events (id BIGINT, ts TIMESTAMP, tags VARCHAR[], attrs MAP(VARCHAR, INTEGER), doc JSON, state mood);
INSERT INTO events SELECT range, TIMESTAMP '2025-01-01' + to_hours(range), ['a', 't' || range % 3],
  MAP {'n': (range % 7)::INTEGER}, json_object('k', range, 'list', [range, range + 1]), 'busy' FROM range(500);
CREATE TABLE prices (sku VARCHAR, at_time TIMESTAMP, price DOUBLE);
INSERT INTO prices SELECT 'sku' || range % 5, TIMESTAMP '2025-01-01' + to_minutes(range * 30), 10 + range % 13 FROM range(200);
CREATE TABLE secrets (k VARCHAR);
INSERT INTO secrets VALUES ('${marker}_table');
CREATE TABLE contacts (id INTEGER, ssn VARCHAR, email VARCHAR, people VARCHAR);
INSERT INTO contacts VALUES (1, 'open', 'open@x', 'open');
CREATE SCHEMA hidden;
CREATE TABLE hidden.payroll (salary INTEGER, who VARCHAR);
INSERT INTO hidden.payroll VALUES (1, '${marker}_payroll');
CREATE SCHEMA extra;
CREATE TABLE extra.regions (id INTEGER, label VARCHAR);
INSERT INTO extra.regions VALUES (1, 'north');
CREATE VIEW v_orders AS SELECT id, amount FROM orders;
CREATE VIEW v_names (who) AS SELECT name FROM people;
CREATE VIEW v_secrets AS SELECT * FROM secrets;
CREATE VIEW v_nested_secrets AS SELECT * FROM (SELECT * FROM v_secrets) WHERE true;
CREATE VIEW v_hidden_in_filter AS SELECT id FROM orders WHERE note IN (SELECT k FROM secrets);
CREATE VIEW v_payroll AS SELECT salary FROM hidden.payroll;
CREATE VIEW v_all_people AS SELECT * FROM people;
CREATE VIEW v_emails AS SELECT email FROM people;
CREATE VIEW v_reads_file AS SELECT content FROM read_text('${fixture.canary}');
CREATE MACRO double_it(x) AS x * 2;
CREATE MACRO big_orders(low) AS TABLE SELECT id, amount FROM orders WHERE amount > low;
CREATE MACRO m_secret() AS (SELECT max(k) FROM secrets);
CREATE MACRO m_calls_macro() AS m_secret() || 'x';
CREATE MACRO m_secret_table() AS TABLE SELECT * FROM secrets;
CREATE MACRO m_reads_file() AS (SELECT max(content) FROM read_text('${fixture.canary}'));
CREATE MACRO m_reads_file_table() AS TABLE SELECT * FROM read_text('${fixture.canary}');
CREATE MACRO m_queries(t) AS TABLE SELECT * FROM query_table(t);
CREATE MACRO m_column() AS (SELECT max(ssn) FROM people);
CREATE MACRO m_whole(p) AS p::VARCHAR;
CREATE MACRO m_column_of(c) AS (SELECT max(c) FROM people);
CREATE MACRO m_columns_of(c) AS TABLE SELECT c AS shown FROM people;
CREATE MACRO m_forwards(c) AS m_column_of(c);
CREATE MACRO m_forwards_table(c) AS TABLE SELECT * FROM m_columns_of(c);
CREATE TABLE extra.orders (id INTEGER, k VARCHAR);
INSERT INTO extra.orders VALUES (1, '${marker}_extra');
CREATE VIEW extra.v_home AS SELECT * FROM extra.orders;
CREATE MACRO levenshtein(a, b) AS (SELECT max(k) FROM secrets);
CREATE MACRO soundex_of(a) AS levenshtein(a, a);
`;

/** A database file with traps in it, a folder of files, and a file nobody may read. */
export async function createFixture(): Promise<Fixture> {
  const root = await mkdtemp(join(tmpdir(), "duckdb-gate-"));
  const fixture = {
    root,
    folder: join(root, "folder"),
    canary: join(root, "outside.txt"),
    db: join(root, "folder", "shop.duckdb"),
  };
  await mkdir(fixture.folder);
  await writeFile(fixture.canary, `${marker}_file\n`);
  await writeFile(join(fixture.folder, "sales.csv"), `id,who\n1,${marker}_csv\n`);
  const instance = await DuckDBInstance.create(fixture.db);
  const connection = await instance.connect();
  await connection.run(statements(fixture));
  await connection.run(`COPY (SELECT '${marker}_parquet' AS a) TO '${join(fixture.folder, "part.parquet")}'`);
  connection.closeSync();
  instance.closeSync();
  return { ...fixture, remove: () => rm(root, { recursive: true, force: true }) };
}

export function fill(sql: string, { canary, folder, db }: Pick<Fixture, "canary" | "folder" | "db">): string {
  return sql.replaceAll("{canary}", canary).replaceAll("{folder}", folder).replaceAll("{db}", db);
}
