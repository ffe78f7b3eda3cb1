import { compilePolicy } from "@mcp-data/core";
import { expect, test } from "vitest";
import type { Relation, Snapshot } from "../catalog/snapshot.ts";
import { projectSchema, sourceSchema } from "../config/source-config.ts";
import { accessOf, limitsOf } from "./access.ts";
import { foldOf } from "./fold.ts";

const base = { id: "shop", kind: "postgres", dsn: "postgres://db/shop" };
const source = (more: object = {}) => sourceSchema.parse({ ...base, ...more });
const project = (more: object) => projectSchema.parse({ id: "p", ...more });

function snapshot(...names: string[]): Snapshot {
  const relations = names.map((full): Relation => {
    const [schema = "", name = ""] = full.split("/");
    return { schema, name, kind: "table", columns: [], primaryKey: [], indexes: [], checks: [] };
  });
  return {
    epoch: "e",
    takenAt: 0,
    schemas: [...new Set(relations.map(({ schema }) => schema))].map((name) => ({ name })),
    relations,
    foreignKeys: [],
    userFunctions: new Set(),
    warnings: [],
  };
}

function judge(config: Parameters<typeof accessOf>[0], at: Snapshot) {
  const policy = compilePolicy(accessOf(config, at).policy);
  return at.relations
    .filter(({ schema, name }) => policy.table(schema, name) === "allowed")
    .map(({ schema, name }) => `${schema}/${name}`);
}

test("no schemas configured: every schema there is, public first", () => {
  const at = snapshot("audit/log", "public/orders", "app/users");
  expect(accessOf({ source: source(), project: undefined }, at).policy.schemas).toEqual([
    "public",
    "app",
    "audit",
  ]);
});

test("public is not implied by a list that leaves it out", () => {
  const at = snapshot("public/orders", "app/users");
  expect(judge({ source: source({ schemas: ["app"] }), project: undefined }, at)).toEqual(["app/users"]);
});

test("a project's schema means that one schema alone, within the source's", () => {
  const at = snapshot("public/orders", "app/users", "hr/pay");
  expect(judge({ source: source(), project: project({ schema: "app" }) }, at)).toEqual(["app/users"]);
  const narrow = source({ schemas: ["app"] });
  expect(judge({ source: narrow, project: project({ schema: "hr" }) }, at)).toEqual([]);
  expect(() => project({ schema: "app", schemas: ["app", "hr"] })).toThrow("alias of schemas");
});

test("a project narrows and never widens: schemas, both allow lists, both exclude lists", () => {
  const at = snapshot("app/a", "app/b", "app/c", "app/secret", "hr/pay", 'app/we"ird*');
  const of = source({
    schemas: ["app"],
    allow_tables: ["app.a", "app.b", "app.secret", 'app."we""ird*"'],
    excluded_tables: ["secret"],
  });
  expect(judge({ source: of, project: project({ schemas: ["app", "hr"] }) }, at)).toEqual([
    "app/a",
    "app/b",
    'app/we"ird*',
  ]);
  expect(judge({ source: of, project: project({ allowed_tables: ["b", "c", "hr.*"] }) }, at)).toEqual([
    "app/b",
  ]);
  expect(judge({ source: of, project: project({ exclude_tables: ["a", "we*"] }) }, at)).toEqual(["app/b"]);
  expect(judge({ source: of, project: project({ allow_tables: ["nothing"] }) }, at)).toEqual([]);
});

test("DuckDB's names are compared without letter case, PostgreSQL's as they are", () => {
  const at = snapshot("main/Orders");
  const file = { id: "f", kind: "duckdb", path: "a.duckdb", exclude_tables: ["orders"] };
  const judgeAs = (kind: string, more: object) => {
    const scope = { source: sourceSchema.parse(more), project: undefined };
    const { policy } = accessOf(scope, at);
    return compilePolicy(policy, foldOf(kind as "duckdb")).table("main", "Orders");
  };
  expect(judgeAs("duckdb", file)).toBe("excluded");
  expect(judgeAs("postgres", { ...base, exclude_tables: ["orders"] })).toBe("allowed");
});

test("column rules add up", () => {
  const { policy } = accessOf(
    {
      source: source({ columns: { users: { deny: ["ssn"] } } }),
      project: project({ columns: { users: { mask: ["email"] }, "*": { deny: ["token"] } } }),
    },
    snapshot("public/users"),
  );
  const rules = compilePolicy(policy).columns("public", "users");
  expect([rules?.("ssn"), rules?.("email"), rules?.("token"), rules?.("id")]).toEqual([
    "deny",
    "mask",
    "deny",
    undefined,
  ]);
});

test("limits: defaults, the plan's names, and a project cannot exceed its source", () => {
  expect(limitsOf({ source: source(), project: undefined })).toMatchObject({
    maxRows: 500,
    hardMaxRows: 10_000,
    timeoutMs: 30_000,
  });
  expect(
    limitsOf({
      source: source({ max_rows_per_query: 100, max_query_timeout_seconds: 2.5 }),
      project: undefined,
    }),
  ).toMatchObject({
    maxRows: 100,
    timeoutMs: 2_500,
  });
  const of = source({ limits: { hard_max_rows: 1_000, timeout_ms: 5_000, max_cost: 100 } });
  expect(
    limitsOf({
      source: of,
      project: project({
        limits: { max_rows: 5_000, hard_max_rows: 9_000, timeout_ms: 60_000, max_cost: 1e9 },
      }),
    }),
  ).toMatchObject({
    maxRows: 1_000,
    hardMaxRows: 1_000,
    timeoutMs: 5_000,
    maxCost: 100,
  });
});

test.each([
  [{ dsn: undefined }, "needs a dsn"],
  [{ path: "x.duckdb" }, "has no path"],
  [{ kind: "duckdb" }, "has a path, not a dsn"],
  [{ kind: "files", dsn: undefined }, "needs a path"],
  [{ kind: "duckdb", dsn: undefined, path: "a", readonly_role: "r" }, "PostgreSQL only"],
  [{ id: "not ok" }, "letters, digits"],
  [{ tables: [] }, "Unrecognized key"],
])("a source with %j is refused", (more, message) => {
  const parsed = sourceSchema.safeParse({ ...base, ...more });
  expect(parsed.error?.issues.map((issue) => issue.message).join()).toContain(message);
});
