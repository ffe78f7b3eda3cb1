import type pg from "pg";
import type { GateCatalog, GateRelation, RelationKind } from "../../policy.ts";

const kinds: Readonly<Record<string, RelationKind>> = {
  r: "table",
  p: "partitioned_table",
  v: "view",
  m: "materialized_view",
  f: "foreign_table",
  S: "sequence",
};

const relationsSql = `
  SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relispartition AS partition,
    ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS columns,
    ARRAY(WITH RECURSIVE up(oid) AS (SELECT inhparent FROM pg_inherits WHERE inhrelid = c.oid
          UNION SELECT i.inhparent FROM pg_inherits i JOIN up ON i.inhrelid = up.oid)
          SELECT json_build_object('schema', pn.nspname, 'name', pc.relname) FROM up JOIN pg_class pc ON pc.oid = up.oid
          JOIN pg_namespace pn ON pn.oid = pc.relnamespace) AS parents
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind <> 'i' AND n.nspname <> 'pg_toast'`;

const typesSql = `
  SELECT n.nspname || '.' || t.typname AS name, t.typtype AS kind FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND t.typtype IN ('e', 'd', 'r', 'b', 'c', 'm')`;

/** Functions and operators outside pg_catalog that are volatile or SECURITY DEFINER, and types a cast to which runs one. */
const unsafeSql = `
  WITH unsafe AS (SELECT p.oid, n.nspname, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND (p.provolatile = 'v' OR p.prosecdef))
  SELECT nspname || '.' || proname AS name FROM unsafe
  UNION SELECT n.nspname || '.' || o.oprname FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace JOIN unsafe ON unsafe.oid = o.oprcode
  UNION SELECT n.nspname || '.' || p.proname FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid
    JOIN pg_namespace n ON n.oid = p.pronamespace JOIN unsafe ON unsafe.oid IN (a.aggtransfn, a.aggfinalfn)
  UNION SELECT n.nspname || '.' || t.typname FROM pg_cast c JOIN unsafe ON unsafe.oid = c.castfunc
    JOIN pg_type t ON t.oid IN (c.casttarget, c.castsource) JOIN pg_namespace n ON n.oid = t.typnamespace AND n.nspname <> 'pg_catalog'
  UNION SELECT n.nspname || '.' || t.typname FROM pg_constraint k JOIN pg_depend d ON d.classid = 'pg_constraint'::regclass AND d.objid = k.oid
    JOIN unsafe ON d.refclassid = 'pg_proc'::regclass AND unsafe.oid = d.refobjid
    JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = t.typnamespace`;

const typeKinds = { e: "enum", d: "domain", r: "range", m: "range", b: "base", c: "composite" } as const;

/** The gate's view of a live database. */
export async function readCatalog(client: pg.Client, searchPath: readonly string[]): Promise<GateCatalog> {
  const relations = new Map<string, GateRelation>();
  for (const row of (await client.query(relationsSql)).rows) {
    const { schema, name, columns, parents } = row;
    const kind = row.partition ? "partition" : (kinds[row.kind] ?? "other");
    relations.set(JSON.stringify([schema, name]), { schema, name, kind, columns, parents });
  }
  const types = new Map<string, keyof typeof typeKinds>(
    (await client.query(typesSql)).rows.map((row) => [row.name, row.kind]),
  );
  const unsafe = new Set<string>((await client.query(unsafeSql)).rows.map((row) => row.name));
  return {
    epoch: "fixture",
    searchPath,
    relation: (schema, name) => relations.get(JSON.stringify([schema, name])),
    type(schema, name) {
      const kind = types.get(`${schema}.${name}`);
      return kind === undefined ? undefined : typeKinds[kind];
    },
    userFunctions: unsafe,
  };
}
