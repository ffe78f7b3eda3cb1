import type { RawRow } from "../protocol/step.ts";

const strongRoles = [
  "pg_read_all_data",
  "pg_write_all_data",
  "pg_read_server_files",
  "pg_write_server_files",
  "pg_execute_server_program",
  "pg_monitor",
  "pg_signal_backend",
  "pg_maintain",
  "pg_create_subscription",
  "rds_superuser",
  "rds_replication",
  "cloudsqlsuperuser",
  "azure_pg_admin",
  "alloydbsuperuser",
];

const strongFunctions = [
  "pg_read_file",
  "pg_read_binary_file",
  "pg_ls_dir",
  "pg_stat_file",
  "lo_import",
  "lo_export",
  "pg_reload_conf",
  "pg_rotate_logfile",
  "pg_switch_wal",
  "pg_stat_reset",
  "dblink",
  "dblink_exec",
];

const outside = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
  AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')`;

/** Rows of (what, how many, up to three names). Membership of a superuser in every role is left out. */
export const privilegeQuery = `
WITH me AS (SELECT * FROM pg_catalog.pg_roles WHERE rolname = CURRENT_USER),
found(what, name) AS (
  SELECT 'superuser', NULL FROM me WHERE rolsuper
  UNION ALL SELECT 'replication', NULL FROM me WHERE rolreplication
  UNION ALL SELECT 'bypassrls', NULL FROM me WHERE rolbypassrls AND NOT rolsuper
  UNION ALL SELECT 'createrole', NULL FROM me WHERE rolcreaterole
  UNION ALL SELECT 'createdb', NULL FROM me WHERE rolcreatedb
  UNION ALL SELECT 'member', r.rolname::text FROM pg_catalog.pg_roles r, me
    WHERE NOT me.rolsuper AND r.rolname IN (${strongRoles.map((role) => `'${role}'`).join(", ")})
      AND pg_catalog.pg_has_role(r.oid, 'MEMBER')
  UNION ALL SELECT 'superuser_role', r.rolname::text FROM pg_catalog.pg_roles r, me
    WHERE NOT me.rolsuper AND r.rolsuper AND pg_catalog.pg_has_role(r.oid, 'MEMBER')
  UNION ALL SELECT 'owner', n.nspname || '.' || c.relname
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace, me
    WHERE NOT me.rolsuper AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${outside}
      AND pg_catalog.pg_has_role(c.relowner, 'MEMBER')
  UNION ALL SELECT 'write', n.nspname || '.' || c.relname
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace, me
    WHERE NOT me.rolsuper AND c.relkind IN ('r', 'p', 'v', 'f') AND ${outside}
      AND NOT pg_catalog.pg_has_role(c.relowner, 'MEMBER')
      AND (pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
           OR pg_catalog.has_any_column_privilege(c.oid, 'INSERT, UPDATE'))
  UNION ALL SELECT 'sequence', n.nspname || '.' || c.relname
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace, me
    WHERE NOT me.rolsuper AND c.relkind = 'S' AND ${outside}
      AND NOT pg_catalog.pg_has_role(c.relowner, 'MEMBER')
      AND CASE WHEN c.relkind = 'S' THEN pg_catalog.has_sequence_privilege(c.oid, 'USAGE, UPDATE') END
  UNION ALL SELECT 'create', n.nspname::text FROM pg_catalog.pg_namespace n, me
    WHERE NOT me.rolsuper AND ${outside} AND pg_catalog.has_schema_privilege(n.oid, 'CREATE')
  UNION ALL SELECT 'definer', n.nspname || '.' || p.proname
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace, me
    WHERE NOT me.rolsuper AND p.prosecdef AND ${outside}
      AND p.proowner <> me.oid AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
  UNION ALL SELECT 'function', n.nspname || '.' || p.proname
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace, me
    WHERE NOT me.rolsuper AND p.proname IN (${strongFunctions.map((name) => `'${name}'`).join(", ")})
      AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
      AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
)
SELECT what, count(*), pg_catalog.array_to_string((pg_catalog.array_agg(DISTINCT name ORDER BY name))[1:3], ', ')
FROM found GROUP BY what`;

const sentences: readonly [string, (count: (noun: string) => string, names: string) => string][] = [
  ["superuser", () => "The login is a superuser: nothing in the database holds it back."],
  ["superuser_role", (_, names) => `The login can become a superuser (member of ${names}).`],
  ["bypassrls", () => "The login bypasses row-level security."],
  ["replication", () => "The login may replicate: it can read every change and hold back WAL."],
  ["createrole", () => "The login may create and change roles."],
  ["createdb", () => "The login may create databases."],
  ["member", (_, names) => `The login is a member of ${names}.`],
  ["owner", (count, names) => `The login owns ${count("relation")} and can change or drop them: ${names}.`],
  ["write", (count, names) => `The login may write to ${count("table")}: ${names}.`],
  ["sequence", (count, names) => `The login may advance ${count("sequence")}: ${names}.`],
  ["create", (count, names) => `The login may create objects in ${count("schema")}: ${names}.`],
  [
    "definer",
    (count, names) => `The login may call ${count("function")} that run with their owner's rights: ${names}.`,
  ],
  [
    "function",
    (count, names) => `The login may call ${count("function")} of the server's files and controls: ${names}.`,
  ],
];

/** One readable line per kind of right beyond reading, the gravest first. */
export function privilegeFindings(rows: readonly RawRow[]): string[] {
  return sentences.flatMap(([what, sentence]) =>
    rows
      .filter((row) => row[0] === what)
      .map((row) => sentence((noun) => counted(Number(row[1]), noun), row[2] ?? "")),
  );
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
