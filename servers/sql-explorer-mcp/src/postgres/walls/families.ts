/** text: gate of the AST; plan: EXPLAIN held against the policy; session: read-only transaction; login: a minimal role. */
export type Wall = "text" | "plan" | "session" | "login";

export interface AttackFamily {
  readonly name: string;
  /** Walls that stop the whole family with every other wall left out. */
  readonly stoppedBy: readonly Wall[];
  /** One statement each, against a database with tables app.orders and hr.secret. */
  readonly attacks: readonly string[];
}

/** What each wall claims; every claim is tested on its own, and the generated reference prints it. */
export const attackFamilies: readonly AttackFamily[] = [
  {
    name: "Stacked statements",
    stoppedBy: ["text", "plan", "session"],
    attacks: [
      "COMMIT; DROP TABLE app.orders",
      "SELECT 1; DELETE FROM app.orders",
      "SELECT '\\'; DELETE FROM app.orders; --'; DELETE FROM app.orders",
    ],
  },
  {
    name: "Writing rows",
    stoppedBy: ["text", "plan", "session", "login"],
    attacks: [
      "INSERT INTO app.orders VALUES (1000, 1, 'x')",
      "UPDATE app.orders SET note = 'changed' WHERE id = 1",
      "DELETE FROM app.orders",
      "WITH gone AS (DELETE FROM app.orders RETURNING *) SELECT * FROM gone",
      "MERGE INTO app.orders o USING (VALUES (1)) v(id) ON o.id = v.id WHEN MATCHED THEN DELETE",
    ],
  },
  {
    name: "Changing the schema",
    stoppedBy: ["text", "session", "login"],
    attacks: [
      "DROP TABLE app.orders",
      "TRUNCATE app.orders",
      "ALTER TABLE app.orders ADD COLUMN more int",
      "CREATE TABLE app.more (id int)",
      "CREATE TABLE app.copied AS SELECT * FROM app.orders",
      "SELECT * INTO app.copied FROM app.orders",
      "COMMENT ON TABLE app.orders IS 'changed'",
      "GRANT ALL ON app.orders TO PUBLIC",
    ],
  },
  {
    name: "Tables outside the policy",
    stoppedBy: ["text", "plan"],
    attacks: [
      "SELECT word FROM hr.secret",
      "SELECT word FROM app.hidden",
      "TABLE app.hidden",
      "WITH orders AS (SELECT 1) SELECT o.* FROM app.hidden o, orders",
      "SELECT (SELECT max(word) FROM hr.secret)",
      "SELECT note FROM app.orders UNION SELECT word FROM hr.secret ORDER BY 1 DESC",
      "SELECT word FROM app.vault",
      "SELECT word FROM app.vault_1",
    ],
  },
  {
    name: "Tables the login was not granted",
    stoppedBy: ["text", "plan", "login"],
    attacks: ["SELECT word FROM hr.secret", "SELECT max(word) FROM hr.secret WHERE word LIKE 'top%'"],
  },
  {
    name: "Tables behind views",
    stoppedBy: ["plan"],
    attacks: ["SELECT word FROM app.peek", "SELECT upper(word) FROM app.peek_again"],
  },
  {
    name: "Foreign tables",
    stoppedBy: ["text", "plan", "login"],
    attacks: ["SELECT word FROM app.outside", "SELECT upper(max(word)) FROM app.outside"],
  },
  {
    name: "System catalogs",
    stoppedBy: ["text", "plan"],
    attacks: [
      "SELECT rolname FROM pg_authid",
      "SELECT prosrc FROM pg_proc WHERE proname = 'leak'",
      "SELECT most_common_vals::text FROM pg_stats WHERE tablename = 'secret'",
      "SELECT view_definition FROM information_schema.views WHERE table_name = 'peek'",
    ],
  },
  {
    name: "Server files, in FROM",
    stoppedBy: ["text", "plan", "login"],
    attacks: [
      "SELECT * FROM pg_read_file('PG_VERSION') AS f",
      "SELECT * FROM pg_ls_dir('.') AS d",
      "SELECT o.id, f.* FROM app.orders o, LATERAL pg_read_file('PG_VERSION') AS f",
    ],
  },
  {
    name: "Server files, in expressions",
    stoppedBy: ["text", "login"],
    attacks: [
      "SELECT pg_read_file('PG_VERSION')",
      "SELECT id FROM app.orders ORDER BY length(pg_read_file('PG_VERSION'))",
      "SELECT lo_import('PG_VERSION')",
    ],
  },
  {
    name: "Programs and files by COPY",
    stoppedBy: ["text", "plan", "login"],
    attacks: [
      "COPY app.orders TO PROGRAM 'cat > /tmp/sql-explorer-copied.txt'",
      "COPY app.orders TO '/tmp/sql-explorer-copied.txt'",
    ],
  },
  {
    name: "Data by COPY to the client",
    stoppedBy: ["text", "plan", "session"],
    attacks: ["COPY hr.secret TO STDOUT", "COPY (SELECT word FROM app.hidden) TO STDOUT"],
  },
  {
    name: "SQL inside functions",
    stoppedBy: ["text", "login"],
    attacks: [
      "SELECT query_to_xml('SELECT word FROM hr.secret', true, false, '')",
      "SELECT table_to_xml('hr.secret', true, false, '')",
      "SELECT set_config('role', 'none', true), query_to_xml('SELECT word FROM hr.secret', true, false, '')",
    ],
  },
  {
    name: "Functions with their owner's rights, in FROM",
    stoppedBy: ["text", "plan"],
    attacks: ["SELECT * FROM app.leak() AS word", "SELECT * FROM app.leaks()"],
  },
  {
    name: "Functions with their owner's rights, in expressions",
    stoppedBy: ["text"],
    attacks: ["SELECT app.leak()", "SELECT o.note || app.leak() FROM app.orders o"],
  },
  {
    name: "Writing functions",
    stoppedBy: ["text", "session"],
    attacks: ["SELECT app.burn()", "SELECT nextval('app.numbers')", "SELECT setval('app.numbers', 1000)"],
  },
  {
    name: "Large objects",
    stoppedBy: ["text", "session"],
    attacks: ["SELECT lo_from_bytea(0, 'x')", "SELECT lo_creat(-1)"],
  },
  {
    name: "Row locks",
    stoppedBy: ["text", "plan", "session", "login"],
    attacks: ["SELECT id FROM app.orders FOR UPDATE", "SELECT id FROM app.orders FOR SHARE"],
  },
  {
    name: "Table locks",
    stoppedBy: ["text", "plan", "session", "login"],
    attacks: ["LOCK TABLE app.orders IN EXCLUSIVE MODE"],
  },
  {
    name: "State left for the next caller",
    stoppedBy: ["text", "session"],
    attacks: [
      "SELECT set_config('statement_timeout', '1234', false)",
      "SELECT set_config('timezone', 'Asia/Tokyo', false)",
      "SET work_mem = '1GB'",
      "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE",
      "SET ROLE pg_monitor",
      "SELECT pg_advisory_lock(42)",
      "LISTEN gossip",
      "PREPARE later AS SELECT 1",
      "DECLARE later CURSOR WITH HOLD FOR SELECT 1",
    ],
  },
  {
    name: "Messages to other sessions",
    stoppedBy: ["text", "session"],
    attacks: ["SELECT pg_notify('gossip', 'hello')", "NOTIFY gossip, 'hello'"],
  },
  {
    name: "Ending the transaction",
    stoppedBy: ["text", "plan"],
    attacks: ["COMMIT", "ROLLBACK", "COMMIT AND CHAIN", "SET TRANSACTION READ WRITE"],
  },
  {
    name: "Other sessions",
    stoppedBy: ["text", "login"],
    attacks: ["SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'"],
  },
  {
    name: "Endless work",
    stoppedBy: ["session"],
    attacks: [
      "SELECT pg_sleep(600)",
      "SELECT count(*) FROM generate_series(1, 100000000000) n",
      "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r",
    ],
  },
  {
    name: "Work above the cost ceiling",
    stoppedBy: ["plan"],
    attacks: ["SELECT count(*) FROM app.orders a, app.orders b, app.orders c, app.orders d, app.orders e"],
  },
];
