/** One step of a mutation: which one, and the numbers that decide where it strikes. */
export interface Step {
  readonly kind: number;
  readonly at: number;
  readonly with: number;
}

type Mutation = (sql: string, step: Step, pool: readonly string[]) => string;

/** Changes a statement's spelling or its surroundings; the result may be anything, valid or not. */
export function mutate(sql: string, steps: readonly Step[], pool: readonly string[]): string {
  return steps.reduce((text, step) => pick(mutations, step.kind)(text, step, pool), sql);
}

const spelling: readonly Mutation[] = [
  (sql, { at }) => replaceWord(sql, at, (word) => word.toUpperCase()),
  (sql, { at }) =>
    replaceWord(sql, at, (word) =>
      word.replace(/./g, (c, i: number) => (i % 2 ? c.toUpperCase() : c.toLowerCase())),
    ),
  (sql, { at }) => replaceWord(sql, at, (word) => `"${word}"`),
  (sql, { at }) => replaceWord(sql, at, (word) => `U&"${escapeUnicode(word)}"`),
  (sql, { at }) => replaceWord(sql, at, (word) => `pg_catalog.${word}`),
  (sql, { at }) => replaceWord(sql, at, (word) => `shop.${word}`),
  (sql, { at, with: n }) => replaceSpace(sql, at, pick(gaps, n)),
  (sql, { at }) => replaceLiteral(sql, at, (text) => `$x$${text.replaceAll("''", "'")}$x$`),
  (sql, { at }) => replaceLiteral(sql, at, (text) => `E'${text.replaceAll("\\", "\\\\")}'`),
  (sql, { at }) => replaceLiteral(sql, at, (text) => `U&'${escapeUnicode(text.replaceAll("''", "'"))}'`),
  (sql, { with: n }) => `${pick(["", "\uFEFF", "/* a */", "-- b\n", ";", "( ", "\n\n"], n)}${sql}`,
  (sql, { with: n }) =>
    `${sql}${pick([";", "; -- end", " /* ; */", ")", "\n--", ";;", " LIMIT 3", " -- ' \" $$"], n)}`,
];

const nesting: readonly Mutation[] = [
  (sql) => `SELECT * FROM (${bare(sql)}) q`,
  (sql) => `WITH q AS (${bare(sql)}) SELECT * FROM q`,
  (sql) => `WITH q AS MATERIALIZED (${bare(sql)}) SELECT count(*) FROM q`,
  (sql) => `SELECT (${bare(sql)})`,
  (sql) => `SELECT ARRAY(${bare(sql)})`,
  (sql) => `SELECT EXISTS (${bare(sql)})`,
  (sql) => `(((${bare(sql)})))`,
  (sql) => `SELECT to_jsonb(q) FROM (${bare(sql)}) q`,
  (sql) => `SELECT q FROM (${bare(sql)}) q`,
  (sql) => `SELECT (q).* FROM (${bare(sql)}) AS q(a, b)`,
  (sql, { with: n }, pool) => `${bare(sql)} UNION ALL ${bare(pick(pool, n))}`,
  (sql, { with: n }, pool) => `WITH x AS (${bare(pick(pool, n))}), y AS (${bare(sql)}) SELECT * FROM y`,
  (sql) => `SELECT l.* FROM shop.customers c, LATERAL (${bare(sql)}) l`,
  (sql) => `SELECT c.id FROM shop.customers c WHERE EXISTS (${bare(sql)})`,
  (sql) => `SELECT c.id FROM shop.customers c ORDER BY (${bare(sql)})`,
];

const splicing: readonly Mutation[] = [
  (sql, { at, with: n }, pool) => replaceWord(sql, at, () => wordOf(pick(pool, n), at)),
  (sql, { at, with: n }, pool) => replaceWord(sql, at, () => `(${bare(pick(pool, n))})`),
  (sql, { at, with: n }, pool) => replaceGroup(sql, at, groupOf(pick(pool, n), at)),
  (sql, { at, with: n }, pool) =>
    sql.slice(0, at % (sql.length + 1)) + pick(pool, n).slice(at % (pick(pool, n).length + 1)),
  // name(argument) becomes (argument).name
  (sql) => sql.replace(/\b([a-z_.]+)\(([^()]*)\)/, "($2).$1"),
  (sql) => sql.replace(/\b([a-z_]+)\(([a-z]+)\)/, "$2.$1"),
  (sql) => sql.replace(/\bcustomers c\b/, "customers AS c(a, b, email, ssn)"),
  (sql) => sql.replace(/\bFROM\b/, ", c.* FROM"),
  (sql, { with: n }) =>
    sql.replace(
      /\bSELECT\b/i,
      `SELECT ${pick(["ssn,", "email,", "c,", "c.*,", "*,", "(c).ssn,", "customers,", "to_jsonb(c),"], n)}`,
    ),
  (sql, { with: n }) =>
    `${sql} ${pick(["ORDER BY ssn", "ORDER BY email", "ORDER BY 1", "GROUP BY 1", "FOR UPDATE", "INTO x", "WHERE ssn > ''", "LIMIT nextval('shop.orders_id_seq')"], n)}`,
  (sql, { with: n }) =>
    sql.replace(
      /\bFROM [a-z_.]+/i,
      `FROM ${pick(["shop.customers", "customers c", "payments", "secret.tokens", "pg_authid", "shop.outside", "hr.salaries", "(TABLE customers)"], n)}`,
    ),
];

const mutations: readonly Mutation[] = [...spelling, ...nesting, ...splicing];

const gaps = ["/**/", "/* ; */", "--x\n", "\n", "\t", "\f", "  ", "/* /* */ */", "\u00a0", ""];

function pick<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}

function bare(sql: string): string {
  return sql.replace(/[;\s]+$/, "");
}

function escapeUnicode(text: string): string {
  return [...text]
    .map((c) =>
      /[a-z]/.test(c)
        ? `\\${c.charCodeAt(0).toString(16).padStart(4, "0")}`
        : c.replace("\\", "\\\\").replace("'", "''"),
    )
    .join("");
}

function nth(sql: string, pattern: RegExp, at: number): RegExpExecArray | undefined {
  const found = [...sql.matchAll(pattern)];
  return found.length === 0 ? undefined : found[at % found.length];
}

function splice(sql: string, match: RegExpExecArray | undefined, text: string): string {
  return match === undefined
    ? sql
    : sql.slice(0, match.index) + text + sql.slice(match.index + match[0].length);
}

function replaceWord(sql: string, at: number, change: (word: string) => string): string {
  const match = nth(sql, /[A-Za-z_][A-Za-z_0-9]*/g, at);
  return splice(sql, match, change(match?.[0] ?? ""));
}

function replaceSpace(sql: string, at: number, gap: string): string {
  return splice(sql, nth(sql, /\s+/g, at), gap);
}

function replaceLiteral(sql: string, at: number, change: (text: string) => string): string {
  const match = nth(sql, /'((?:[^']|'')*)'/g, at);
  return splice(sql, match, change(match?.[1] ?? ""));
}

function replaceGroup(sql: string, at: number, group: string): string {
  return splice(sql, nth(sql, /\([^()]*\)/g, at), group);
}

function groupOf(sql: string, at: number): string {
  return nth(sql, /\([^()]*\)/g, at)?.[0] ?? "(1)";
}

function wordOf(sql: string, at: number): string {
  return nth(sql, /[A-Za-z_][A-Za-z_0-9.]*/g, at)?.[0] ?? "x";
}
