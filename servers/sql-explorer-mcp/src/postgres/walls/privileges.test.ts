import { expect, test } from "vitest";
import { testEngine } from "../testing/engine.ts";
import { postgresSuite } from "../testing/suite.ts";

const signal = new AbortController().signal;
const suite = postgresSuite(`
  REVOKE ALL ON SCHEMA public FROM PUBLIC;
  CREATE SCHEMA app;
  CREATE TABLE app.orders (id int, note text);
  CREATE TABLE app.other (id int);
  CREATE SEQUENCE app.numbers;
  CREATE FUNCTION app.leak() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
  CREATE FUNCTION app.plain() RETURNS int LANGUAGE sql AS 'SELECT 1';
  REVOKE EXECUTE ON FUNCTION app.leak() FROM PUBLIC;
`);

async function findings(login: string): Promise<readonly string[]> {
  const engine = testEngine(suite.database.url(login));
  try {
    return await engine.privileges(signal);
  } finally {
    await engine.close();
  }
}

async function loginWith(suffix: string, grants: (login: string) => string, options = ""): Promise<string> {
  const login = await suite.database.login(suffix, options);
  await suite.database.run(`GRANT USAGE ON SCHEMA app TO ${login}; GRANT SELECT ON app.orders TO ${login};
    ${grants(login)}`);
  return login;
}

test("a login that can only read has no findings", async () => {
  expect(await findings(await loginWith("minimal", () => ""))).toEqual([]);
});

test("a superuser is one finding that says it all, before the others", async () => {
  const [first, ...others] = await findings("postgres");
  expect(first).toBe("The login is a superuser: nothing in the database holds it back.");
  expect(others.join(" ")).not.toMatch(/member of|may write|owns/);
});

test.each([
  ["bypass", "BYPASSRLS", () => "", /bypasses row-level security/],
  ["repl", "REPLICATION", () => "", /may replicate/],
  ["roles", "CREATEROLE", () => "", /create and change roles/],
  ["dbs", "CREATEDB", () => "", /create databases/],
  [
    "files",
    "",
    (login: string) => `GRANT pg_read_server_files TO ${login}`,
    /member of pg_read_server_files/,
  ],
  ["noinherit", "NOINHERIT", (login: string) => `GRANT pg_monitor TO ${login}`, /member of pg_monitor/],
  ["insert", "", (login: string) => `GRANT INSERT ON app.orders TO ${login}`, /write to 1 table: app.orders/],
  [
    "column",
    "",
    (login: string) => `GRANT UPDATE (note) ON app.orders TO ${login}`,
    /write to 1 table: app.orders/,
  ],
  [
    "truncate",
    "",
    (login: string) => `GRANT TRUNCATE ON app.other TO ${login}`,
    /write to 1 table: app.other/,
  ],
  ["owner", "", (login: string) => `ALTER TABLE app.other OWNER TO ${login}`, /owns 1 relation .*app.other/],
  [
    "create",
    "",
    (login: string) => `GRANT CREATE ON SCHEMA app TO ${login}`,
    /create objects in 1 schema: app/,
  ],
  [
    "seq",
    "",
    (login: string) => `GRANT USAGE ON SEQUENCE app.numbers TO ${login}`,
    /advance 1 sequence: app.numbers/,
  ],
  [
    "definer",
    "",
    (login: string) => `GRANT EXECUTE ON FUNCTION app.leak() TO ${login}`,
    /owner's rights: app.leak/,
  ],
  [
    "fn",
    "",
    (login: string) => `GRANT EXECUTE ON FUNCTION pg_ls_dir(text) TO ${login}`,
    /pg_catalog.pg_ls_dir/,
  ],
] as const)("%s: the one right too many is found", async (suffix, options, grants, sentence) => {
  const found = await findings(await loginWith(suffix, grants, options));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(sentence);
  await suite.database.run("ALTER TABLE app.other OWNER TO postgres");
});

test.each([
  ["pg_write_all_data", /member of pg_write_all_data/],
  ["postgres", /can become a superuser \(member of postgres\)/],
])("a role that brings many rights is found, and the rights with it: %s", async (role, sentence) => {
  const found = await findings(await loginWith(`member_of_${role}`, (login) => `GRANT ${role} TO ${login}`));
  expect(found[0]).toMatch(sentence);
  expect(found.length).toBeGreaterThan(1);
});
