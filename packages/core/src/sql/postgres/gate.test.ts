import { beforeAll, describe, expect, test } from "vitest";
import type { GateCatalog, GateRelation, SqlPolicy } from "../policy.ts";
import { capRows } from "../row-cap.ts";
import type { Accepted, Rejected, Verdict } from "../verdict.ts";
import { createPostgresGate, type Gate } from "./index.ts";

let gate: Gate;

beforeAll(async () => {
  gate = await createPostgresGate();
});

const policy: SqlPolicy = {
  schemas: ["app", "ref"],
  excludeTables: ["app.secrets"],
  columns: { "app.users": { deny: ["ssn"], mask: ["email"] } },
};

function relation(
  schema: string,
  name: string,
  columns: string[],
  more: Partial<GateRelation> = {},
): GateRelation {
  return { schema, name, kind: "table", columns, ...more };
}

const relations = [
  relation("app", "users", ["id", "name", "email", "ssn"]),
  relation("app", "users_2024", ["id", "name", "email", "ssn"], {
    kind: "partition",
    parents: [{ schema: "app", name: "users" }],
  }),
  relation("app", "secrets_old", ["id"], { parents: [{ schema: "app", name: "secrets" }] }),
  relation("app", "orders", ["id", "user_id", "total"]),
  relation("ref", "countries", ["code", "name"]),
  relation("other", "things", ["id"]),
];

function catalogOf(more: Partial<GateCatalog> = {}): GateCatalog {
  return {
    epoch: "1",
    searchPath: ["app", "ref", "other"],
    relation: (schema, name) => relations.find((entry) => entry.schema === schema && entry.name === name),
    ...more,
  };
}

const catalog = catalogOf();

function check(
  sql: string,
  more: Partial<{ policy: SqlPolicy; catalog: GateCatalog; params: number }> = {},
): Verdict {
  return gate.check(sql, { policy, catalog, params: 0, ...more });
}

function checkBare(sql: string, own: SqlPolicy = policy): Verdict {
  return gate.check(sql, { policy: own, params: 0 });
}

function accepted(verdict: Verdict): Accepted {
  expect(verdict).toMatchObject({ ok: true });
  return verdict as Accepted;
}

function rejected(verdict: Verdict): Rejected {
  expect(verdict).toMatchObject({ ok: false });
  return verdict as Rejected;
}

describe("an accepted statement", () => {
  test("tells tables, columns, functions, order and limit exactly", () => {
    const sql = `
      WITH big AS (SELECT user_id, sum(total) AS t FROM orders GROUP BY user_id HAVING sum(total) > $2)
      SELECT u.name, upper(c.name), big.t FROM big JOIN app.users u ON u.id = big.user_id, countries c
      WHERE u.id < $1 ORDER BY big.t DESC LIMIT 20 OFFSET 5`;
    expect(check(sql, { params: 2 })).toEqual({
      ok: true,
      tables: [
        { schema: "app", name: "orders" },
        { schema: "app", name: "users" },
        { schema: "ref", name: "countries" },
      ],
      columns: [
        "app.orders.total",
        "app.orders.user_id",
        "app.users.id",
        "app.users.name",
        "ref.countries.name",
      ],
      functions: ["sum", "upper"],
      limit: { kind: "literal", count: 20, hasOffset: true },
      ordered: true,
      text: sql.trim(),
      parameters: 2,
    });
  });

  test("a star stands for every column", () => {
    expect(accepted(check("SELECT o.* FROM orders o")).columns).toEqual([
      "app.orders.id",
      "app.orders.total",
      "app.orders.user_id",
    ]);
  });

  test.each([
    ["SELECT 1;", "SELECT 1"],
    ["SELECT 1 ; ; -- done", "SELECT 1"],
    [";;SELECT 1", "SELECT 1"],
    ["  SELECT 'é;' ; ", "SELECT 'é;'"],
    ["SELECT 1 -- note", "SELECT 1 -- note"],
    ["SELECT 1 /* ; */ ;", "SELECT 1 /* ; */"],
  ])("%j runs as %j", (sql, text) => {
    expect(accepted(check(sql)).text).toBe(text);
  });

  test.each([
    ["SELECT 1", "none", undefined, false],
    ["SELECT 1 OFFSET 3", "none", undefined, true],
    ["SELECT 1 LIMIT 0", "literal", 0, false],
    ["SELECT 1 FETCH FIRST ROW ONLY", "literal", 1, false],
    ["(SELECT 1 LIMIT 7)", "literal", 7, false],
    ["SELECT 1 UNION SELECT 2 LIMIT 3", "literal", 3, false],
    ["SELECT * FROM (SELECT 1 LIMIT 3) q", "none", undefined, false],
    ["SELECT 1 LIMIT ALL", "other", undefined, false],
    ["SELECT 1 LIMIT 2 + 3", "other", undefined, false],
    ["SELECT 1 LIMIT 99999999999", "other", undefined, false],
    ["SELECT 1 ORDER BY 1 FETCH FIRST 3 ROWS WITH TIES", "other", undefined, false],
  ])("%s has the limit %s %s", (sql, kind, count, hasOffset) => {
    const { limit } = accepted(check(sql));
    expect(limit).toEqual({ kind, hasOffset, ...(count === undefined ? {} : { count }) });
  });

  test("its text with a LIMIT appended is the same statement with that limit", () => {
    for (const sql of [
      "SELECT 1 -- c",
      "VALUES (1)",
      "TABLE orders",
      "(SELECT 1)",
      "SELECT 1 OFFSET 2",
      "SELECT 1 x",
    ]) {
      const before = accepted(check(sql));
      const after = accepted(check(capRows(before, { maxRows: 9 }).text));
      expect(after.limit, sql).toEqual({ ...before.limit, kind: "literal", count: 10 });
    }
  });

  test("only an outermost ORDER BY counts", () => {
    expect(accepted(check("SELECT * FROM (SELECT id FROM orders ORDER BY id) q")).ordered).toBe(false);
    expect(accepted(check("SELECT id FROM orders UNION SELECT 1 ORDER BY 1")).ordered).toBe(true);
  });

  test("masked outputs are named as the answer names them", () => {
    expect(accepted(check("SELECT email, id, email AS contact FROM users")).maskedOutputs).toEqual([
      "email",
      "contact",
    ]);
    expect(accepted(check("SELECT id FROM users")).maskedOutputs).toBeUndefined();
    const masksOnly: SqlPolicy = { schemas: ["app"], columns: { users: { mask: ["email"] } } };
    expect(
      accepted(check("SELECT u.*, o.* FROM users u, orders o", { policy: masksOnly })).maskedOutputs,
    ).toEqual(["email"]);
  });
});

describe("parameters", () => {
  test("up to as many as were given", () => {
    expect(accepted(check("SELECT $1::int, $3::text", { params: 3 })).parameters).toBe(3);
    expect(rejected(check("SELECT $2", { params: 1 }))).toMatchObject({ reason: "forbidden_statement" });
    expect(rejected(check("SELECT $1")).hint).toContain("params");
    expect(rejected(check("SELECT $1::int", { params: 2 })).message).toContain("$1, but 2 were given");
    expect(rejected(check("SELECT 1", { params: 1 })).message).toContain("no parameter, but 1 were given");
  });
});

describe("names", () => {
  test("a bare name follows the search path, and the schema found must be allowed", () => {
    expect(accepted(check("SELECT * FROM countries")).tables).toEqual([{ schema: "ref", name: "countries" }]);
    expect(rejected(check("SELECT * FROM things"))).toMatchObject({
      reason: "schema_not_allowed",
      hint: "Allowed schemas: app, ref.",
    });
  });

  test("an unknown table is marked, so that a stale catalog can be refreshed", () => {
    expect(rejected(check("SELECT * FROM app.new_table"))).toMatchObject({
      reason: "table_not_allowed",
      details: { unknown_table: "app.new_table" },
    });
    expect(rejected(check("SELECT o.new_column FROM orders o"))).toMatchObject({
      reason: "column_not_allowed",
      hint: "Permitted columns: id, user_id, total.",
      details: { unknown_column: "new_column" },
    });
  });

  test("a partition is bound by its parent's rules and exclusions", () => {
    expect(rejected(check("SELECT ssn FROM users_2024")).reason).toBe("column_not_allowed");
    expect(accepted(check("SELECT email FROM users_2024")).maskedOutputs).toEqual(["email"]);
    expect(rejected(check("SELECT id FROM secrets_old")).reason).toBe("table_not_allowed");
  });

  test("system catalogs stay closed when the configuration names them", () => {
    const own: SqlPolicy = { schemas: ["pg_catalog", "information_schema"], allowTables: ["pg_catalog.*"] };
    expect(rejected(check("SELECT * FROM pg_catalog.pg_class", { policy: own })).reason).toBe(
      "system_catalog_not_allowed",
    );
    expect(rejected(check("SELECT * FROM information_schema.tables", { policy: own })).reason).toBe(
      "system_catalog_not_allowed",
    );
  });
});

describe("without a catalog", () => {
  test("a bare name means the first allowed schema", () => {
    expect(accepted(checkBare("SELECT a.x FROM anything a")).tables).toEqual([
      { schema: "app", name: "anything" },
    ]);
  });

  test("a bare name must be allowed in every schema it could be found in", () => {
    const own: SqlPolicy = { schemas: ["a", "b"], excludeTables: ["b.t"] };
    expect(rejected(checkBare("SELECT * FROM t", own)).reason).toBe("table_not_allowed");
    expect(accepted(checkBare("SELECT * FROM a.t", own)).tables).toEqual([{ schema: "a", name: "t" }]);
  });

  test("no allowed schema, no table", () => {
    expect(rejected(checkBare("SELECT * FROM t", { schemas: [] })).reason).toBe("schema_not_allowed");
    expect(accepted(checkBare("SELECT 1", { schemas: [] })).tables).toEqual([]);
  });

  test("column rules hold by name; whole rows of a table with rules are refused", () => {
    expect(accepted(checkBare("SELECT id, email FROM users")).maskedOutputs).toEqual(["email"]);
    for (const sql of [
      "SELECT ssn FROM users",
      "SELECT * FROM users",
      "SELECT u FROM users u",
      "SELECT u.to_jsonb FROM users u",
      "SELECT 1 FROM users NATURAL JOIN orders",
      "SELECT 1 FROM users u(a, b)",
      "SELECT (SELECT ssn FROM orders) FROM users",
    ]) {
      expect(checkBare(sql), sql).toMatchObject({ ok: false });
    }
  });

  test("an unresolved column is reported bare", () => {
    expect(accepted(checkBare("SELECT total, o.id FROM orders o")).columns).toEqual([
      "app.orders.id",
      "total",
    ]);
  });

  test("(value).name is refused: it may call a function", () => {
    expect(rejected(checkBare("SELECT (x).y FROM (SELECT 1 AS x) q")).reason).toBe("dangerous_function");
  });
});

describe("functions opened by the configuration", () => {
  const own = (functions: SqlPolicy["functions"]): SqlPolicy => ({
    schemas: ["app"],
    ...(functions && { functions }),
  });

  test("by name, by schema and name, by prefix", () => {
    const policies = own({ allow: ["near", "geo.far", "app.here", "<=>"], allowPrefixes: ["st_"] });
    for (const sql of [
      "near(1)",
      "app.near(1)",
      "geo.far(1)",
      "here(1)",
      "st_area(1)",
      "app.st_area(1)",
      "1 <=> 2",
    ]) {
      expect(checkBare(`SELECT ${sql}`, policies), sql).toMatchObject({ ok: true });
    }
    for (const sql of [
      "far(1)",
      "geo.near(1)",
      "geo.st_area(1)",
      "geo.here(1)",
      "pg_catalog.st_area(1)",
      "1 <#> 2",
    ]) {
      expect(checkBare(`SELECT ${sql}`, policies), sql).toMatchObject({
        ok: false,
        reason: "dangerous_function",
      });
    }
  });

  test("a prefix opens no built-in function", () => {
    const policies = own({ allowPrefixes: ["pg_", "lo_", "n", "dblink", "s"] });
    for (const sql of [
      "pg_read_file('x')",
      "lo_import('x')",
      "nextval('x')",
      "dblink('x')",
      "set_config('a', 'b', true)",
    ]) {
      expect(checkBare(`SELECT ${sql}`, policies), sql).toMatchObject({ ok: false });
    }
  });

  test("a built-in one can be opened by its exact name", () => {
    expect(
      checkBare("SELECT pg_typeof(1), current_user", own({ allow: ["pg_typeof", "current_user"] })).ok,
    ).toBe(true);
  });
});

describe("shadowed built-ins", () => {
  const shadowed = catalogOf({ userFunctions: new Set(["app.upper", "app.=", "app.>="]) });

  test.each([
    "SELECT upper('a')",
    "SELECT 1 = 2",
    "SELECT 1 BETWEEN 0 AND 2",
    "SELECT 1 IN (SELECT 2)",
    "SELECT CASE 1 WHEN 1 THEN 2 END",
    "SELECT 1 FROM orders o JOIN users u USING (id)",
  ])("%s could call one", (sql) => {
    expect(rejected(check(sql, { catalog: shadowed })).reason).toBe("dangerous_function");
  });

  test("pg_catalog names the built-in one", () => {
    expect(
      check("SELECT pg_catalog.upper('a'), 1 OPERATOR(pg_catalog.=) 2 FROM orders JOIN countries ON true", {
        catalog: shadowed,
      }).ok,
    ).toBe(true);
  });
});

describe("verdicts are remembered", () => {
  test("per text, policy, catalog, epoch and number of parameters", () => {
    const first = check("SELECT id FROM orders");
    expect(check("SELECT id FROM orders")).toBe(first);
    expect(check("SELECT id FROM orders", { params: 1 })).not.toBe(first);
    expect(check("SELECT id FROM orders", { policy: { ...policy } })).not.toBe(first);
    expect(check("SELECT id FROM orders", { catalog: catalogOf() })).not.toBe(first);
    let epoch = "1";
    const moving: GateCatalog = {
      searchPath: ["app"],
      get epoch() {
        return epoch;
      },
      relation: (schema, name) => (epoch === "1" ? catalog.relation(schema, name) : undefined),
    };
    expect(check("SELECT id FROM orders", { catalog: moving }).ok).toBe(true);
    epoch = "2";
    expect(check("SELECT id FROM orders", { catalog: moving }).ok).toBe(false);
  });
});

describe("messages teach", () => {
  test.each([
    ["DELETE FROM orders", "DELETE is not permitted.", /one SELECT/],
    ["EXPLAIN SELECT 1", "EXPLAIN is not permitted.", /explain tool/],
    ["SELECT strftime('%Y', now())", "The function strftime() is not permitted.", /to_char/],
    ["SELECT pg_sleep(1)", "The function pg_sleep() is not permitted.", /no wait/],
    ["SELECT * FROM pg_class", "pg_class belongs to the server's catalogs, which are closed.", /list_tables/],
    ["SELECT * FROM app.secrets", "The table app.secrets is not allowed.", /list_tables/],
    ["SELECT ssn FROM users", "The column app.users.ssn is not allowed.", /Permitted columns: id, name\./],
    ["SELECT 1; SELECT 2", "The text holds 2 statements; one is accepted.", /own/],
    ["-- nothing", "The text holds no statement.", /SELECT/],
    ["SELECT FROM FROM", 'syntax error at or near "FROM"', /PostgreSQL/],
  ])("%s", (sql, message, hint) => {
    const verdict = rejected(check(sql));
    expect(verdict.message).toBe(message);
    expect(verdict.hint).toMatch(hint);
  });

  test("and never repeat a long text", () => {
    const long = "x".repeat(60_000);
    for (const sql of [
      `SELECT ${long}()`,
      `SELECT * FROM "${long}"."${long}"`,
      `SELECT '${long}' FROM FROM`,
      `${long}`,
    ]) {
      const verdict = rejected(check(sql));
      expect(verdict.message.length + (verdict.hint?.length ?? 0)).toBeLessThan(600);
    }
  });

  test("a text above the cap is measured in bytes", () => {
    expect(rejected(check(`SELECT '${"é".repeat(32_770)}'`))).toMatchObject({
      reason: "too_large",
      details: { bytes: 65_549, max_bytes: 65_536 },
    });
  });
});

describe("generated columns", () => {
  const members = relation("app", "members", ["id", "ssn", "email", "area", "domain", "twice"], {
    generated: new Map([
      ["area", ["ssn"]],
      ["domain", ["email"]],
      ["twice", ["id"]],
    ]),
  });
  const known = catalogOf({
    relation: (schema, name) => (schema === "app" && name === "members" ? members : undefined),
  });
  const ruled: SqlPolicy = { ...policy, columns: { "app.members": { deny: ["ssn"], mask: ["email"] } } };
  const judge = (sql: string, own = ruled) => check(sql, { policy: own, catalog: known });

  test("are withheld and masked like what they are computed from", () => {
    for (const sql of [
      "SELECT area FROM members",
      "SELECT * FROM members",
      "SELECT upper(domain) FROM members",
    ]) {
      expect(rejected(judge(sql)).reason).toBe("column_not_allowed");
    }
    expect(accepted(judge("SELECT id, domain, twice FROM members")).maskedOutputs).toEqual(["domain"]);
    expect(judge("SELECT area FROM members", { ...policy, columns: {} }).ok).toBe(true);
  });
});
