// Every statement runs with an empty search_path, so that the server qualifies the names it prints.

const outside = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'`;

const readable = `WITH readable AS MATERIALIZED (
  SELECT c.oid, c.relname, c.relkind, c.relispartition, c.reltuples, c.relpages, n.nspname,
         pg_catalog.has_table_privilege(c.oid, 'SELECT') AS whole
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${outside}
    AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
    AND (pg_catalog.has_table_privilege(c.oid, 'SELECT')
         OR (c.relkind <> 'S' AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT')))
)`;

// Functions that could do more than compute, and the operators, aggregates and types whose use calls one: a type by
// a cast, by a domain's check, or by a part of it. What is written in C and not volatile cannot read tables.
// A function put into pg_catalog counts whatever it is.
const unsafe = `WITH RECURSIVE suspect AS MATERIALIZED (
    SELECT p.oid, n.nspname, p.proname
    FROM pg_catalog.pg_proc p
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_language l ON l.oid = p.prolang
    WHERE p.oid >= 16384
      AND (p.provolatile = 'v' OR p.prosecdef OR l.lanname NOT IN ('c', 'internal') OR n.nspname = 'pg_catalog')),
  operators AS MATERIALIZED (
    SELECT o.oid, n.nspname, o.oprname
    FROM pg_catalog.pg_operator o
    JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
    JOIN suspect s ON s.oid = o.oprcode),
  parts AS MATERIALIZED (
    SELECT typelem AS part, oid AS whole FROM pg_catalog.pg_type WHERE oid >= 16384 AND typelem <> 0
    UNION ALL
    SELECT typbasetype, oid FROM pg_catalog.pg_type WHERE typtype = 'd'
    UNION ALL
    SELECT rngsubtype, rngtypid FROM pg_catalog.pg_range WHERE rngtypid >= 16384
    UNION ALL
    SELECT a.atttypid, c.reltype FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind = 'c' AND c.oid >= 16384),
  calling(oid) AS (
    SELECT pg_catalog.unnest(ARRAY[c.castsource, c.casttarget])
    FROM pg_catalog.pg_cast c JOIN suspect s ON s.oid = c.castfunc
    UNION
    SELECT k.contypid
    FROM pg_catalog.pg_constraint k
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_constraint'::regclass AND d.objid = k.oid
    WHERE k.contypid <> 0
      AND (d.refclassid = 'pg_catalog.pg_proc'::regclass AND d.refobjid IN (SELECT oid FROM suspect)
           OR d.refclassid = 'pg_catalog.pg_operator'::regclass AND d.refobjid IN (SELECT oid FROM operators))
    UNION
    SELECT r.rngtypid
    FROM pg_catalog.pg_range r JOIN suspect s ON s.oid IN (r.rngcanonical, r.rngsubdiff)
    UNION
    SELECT p.whole FROM calling c JOIN parts p ON p.part = c.oid WHERE c.oid >= 16384),
  aggregates AS MATERIALIZED (
    SELECT p.oid, n.nspname, p.proname
    FROM pg_catalog.pg_aggregate a
    JOIN pg_catalog.pg_proc p ON p.oid = a.aggfnoid
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    JOIN suspect s ON s.oid IN (a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn))`;

/** Each text with the names of its columns, in order; what is only for statistics comes last. */
export const catalogQueries = {
  schemas: `SELECT n.nspname, d.description
    FROM pg_catalog.pg_namespace n
    LEFT JOIN pg_catalog.pg_description d
      ON d.classoid = 'pg_catalog.pg_namespace'::regclass AND d.objoid = n.oid AND d.objsubid = 0
    WHERE ${outside} AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
    ORDER BY n.nspname`,

  relations: `${readable}
    SELECT r.oid, r.nspname, r.relname, r.relkind, r.relispartition, d.description, r.reltuples, r.relpages
    FROM readable r
    LEFT JOIN pg_catalog.pg_description d
      ON d.classoid = 'pg_catalog.pg_class'::regclass AND d.objoid = r.oid AND d.objsubid = 0
    ORDER BY r.nspname, r.relname`,

  columns: `${readable}
    SELECT a.attrelid, a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
           a.atttypid, pg_catalog.pg_get_expr(e.adbin, e.adrelid), a.attidentity, a.attgenerated, d.description
    FROM readable r
    JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_catalog.pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
    LEFT JOIN pg_catalog.pg_description d
      ON d.classoid = 'pg_catalog.pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
    WHERE r.whole OR pg_catalog.has_column_privilege(r.oid, a.attnum, 'SELECT')
    ORDER BY a.attrelid, a.attnum`,

  // The dependency is the column's own, or its expression's, by release.
  generated: `SELECT DISTINCT a.attrelid, a.attname, s.attname
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
    JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = a.attrelid
      AND (d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = a.attrelid AND d.objsubid = a.attnum
           OR d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = e.oid)
    JOIN pg_catalog.pg_attribute s ON s.attrelid = a.attrelid AND s.attnum = d.refobjsubid AND s.attnum <> a.attnum
    WHERE a.attgenerated <> '' AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY 1, 2, 3`,

  constraints: `SELECT c.conrelid, c.contype, c.conname, c.conkey, c.confrelid, c.confkey,
           CASE WHEN c.contype = 'c' THEN pg_catalog.pg_get_expr(c.conbin, c.conrelid) END
    FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace
    WHERE c.conrelid <> 0 AND (c.contype IN ('p', 'c') OR (c.contype = 'f' AND c.conparentid = 0)) AND ${outside}
    ORDER BY c.conrelid, c.conname`,

  indexes: `SELECT i.indrelid, c.relname, i.indisunique, m.amname, i.indkey, i.indnkeyatts,
           pg_catalog.pg_get_expr(i.indpred, i.indrelid),
           CASE WHEN 0 = ANY (i.indkey::int2[]) THEN ARRAY(
             SELECT pg_catalog.pg_get_indexdef(i.indexrelid, k, true)
             FROM pg_catalog.generate_series(1, i.indnkeyatts) k) END
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_am m ON m.oid = c.relam
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE i.indisvalid AND ${outside}
    ORDER BY i.indrelid, c.relname`,

  enums: `SELECT e.enumtypid, e.enumlabel FROM pg_catalog.pg_enum e ORDER BY e.enumtypid, e.enumsortorder`,

  // Row types of tables and the arrays of those are as many as tables and never needed.
  types: `SELECT t.oid, pg_catalog.format_type(t.oid, NULL), t.typdelim, e.oid, n.nspname, t.typname, t.typtype
    FROM pg_catalog.pg_type t
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid
    LEFT JOIN pg_catalog.pg_class r ON r.oid = t.typrelid
    WHERE (t.typrelid = 0 OR r.relkind = 'c') AND (e.oid IS NULL OR e.typrelid = 0)
    ORDER BY t.oid`,

  inheritance: `SELECT i.inhrelid, n.nspname, c.relname, c.relispartition, i.inhparent, pn.nspname, p.relname, p.relispartition
    FROM pg_catalog.pg_inherits i
    JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('r', 'p', 'f')
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
    JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
    ORDER BY i.inhrelid, i.inhseqno`,

  // A view's rule also depends on the view itself; xmin changes when the view is replaced.
  viewReads: `SELECT DISTINCT r.ev_class, d.refobjid, n.nspname, c.relname, c.relkind, c.relispartition, r.xmin::text
    FROM pg_catalog.pg_rewrite r
    JOIN pg_catalog.pg_class v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid
      AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid <> r.ev_class
    JOIN pg_catalog.pg_class c ON c.oid = d.refobjid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE r.ev_class >= 16384
    ORDER BY r.ev_class, d.refobjid`,

  functions: `${unsafe}
    SELECT nspname, proname FROM suspect
    UNION
    SELECT nspname, oprname FROM operators
    UNION
    SELECT nspname, proname FROM aggregates
    UNION
    SELECT n.nspname, t.typname
    FROM calling c
    JOIN pg_catalog.pg_type t ON t.oid = c.oid AND t.oid >= 16384
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    ORDER BY 1, 2`,

  // What a view calls, with the body of a function that may be judged by it: one in SQL, not volatile, that runs as
  // the caller, with the session's settings, on values whose types call nothing. Other suspects are `unsafe`.
  viewCalls: `${unsafe}
    SELECT DISTINCT r.ev_class, c.nspname, c.name, c.judged, c.body, c.arguments
    FROM pg_catalog.pg_rewrite r
    JOIN pg_catalog.pg_class v ON v.oid = r.ev_class AND v.relkind = 'v'
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid
    CROSS JOIN LATERAL (
      SELECT n.nspname, p.proname AS name, j.judged,
             CASE WHEN j.judged = 'body' THEN COALESCE(NULLIF(p.prosrc, ''), pg_catalog.pg_get_functiondef(p.oid)) END AS body,
             CASE WHEN j.judged = 'body' THEN p.proargnames END AS arguments
      FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      JOIN pg_catalog.pg_language l ON l.oid = p.prolang
      CROSS JOIN LATERAL (SELECT CASE
        WHEN NOT EXISTS (SELECT FROM suspect s WHERE s.oid = p.oid)
          AND NOT EXISTS (SELECT FROM aggregates a WHERE a.oid = p.oid) THEN 'harmless'
        WHEN l.lanname = 'sql' AND p.prokind = 'f' AND p.provolatile <> 'v' AND NOT p.prosecdef
          AND p.proconfig IS NULL AND p.proargmodes IS NULL AND n.nspname <> 'pg_catalog'
          AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_type t
            WHERE (t.oid = p.prorettype OR t.oid = ANY (p.proargtypes::oid[]))
              AND (t.typtype = 'p' OR t.oid >= 16384 AND t.oid IN (SELECT oid FROM calling))) THEN 'body'
        ELSE 'unsafe' END) j(judged)
      WHERE d.refclassid = 'pg_catalog.pg_proc'::regclass AND p.oid = d.refobjid
      UNION ALL
      SELECT n.nspname, o.oprname,
             CASE WHEN EXISTS (SELECT FROM operators u WHERE u.oid = o.oid) THEN 'unsafe' ELSE 'harmless' END, NULL, NULL
      FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
      WHERE d.refclassid = 'pg_catalog.pg_operator'::regclass AND o.oid = d.refobjid
      UNION ALL
      SELECT n.nspname, t.typname, 'unsafe', NULL, NULL
      FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
      WHERE d.refclassid = 'pg_catalog.pg_type'::regclass AND t.oid = d.refobjid
        AND t.oid >= 16384 AND t.oid IN (SELECT oid FROM calling)) c
    WHERE r.ev_class >= 16384
    ORDER BY 1, 2, 3, 4, 5`,

  // Columns of a type whose use may call one; '*' where the relation's own row type does.
  callingColumns: `${unsafe}
    SELECT c.oid, a.attname, n.nspname, t.typname
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND t.oid >= 16384 AND t.oid IN (SELECT oid FROM calling)
    UNION ALL
    SELECT c.oid, '*', n.nspname, t.typname
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_type t ON t.oid = c.reltype
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND t.oid >= 16384 AND t.oid IN (SELECT oid FROM calling)
    ORDER BY 1, 2`,
} as const;

export type CatalogPart = keyof typeof catalogQueries;

/** Columns of `relations` that are statistics: they change without the schema changing. */
export const statisticsFrom = 6;
