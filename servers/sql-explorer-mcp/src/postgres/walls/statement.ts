import {
  type Accepted,
  type CompiledPolicy,
  compilePolicy,
  type GateCatalog,
  type Rejected,
  rejectionError,
  type SqlPolicy,
  type TableAccess,
  type ToolError,
  type Verdict,
} from "@mcp-data/core";
import { isOpened } from "../../catalog/opened.ts";
import type { Access } from "../../engine/engine.ts";
import { type Catalog, relationKey, type ViewCall } from "../catalog/catalog.ts";
import { withNearTables } from "../errors/suggest-tables.ts";
import { withClosedColumns, withTypeHint } from "./calling-columns.ts";
import { type Expansion, expandRelations } from "./expand.ts";
import { bodyStatement } from "./view-calls.ts";

/** Wall 1: judges a text; runs nothing. */
export interface TextGate {
  check(
    sql: string,
    options: {
      readonly policy: SqlPolicy;
      readonly catalog: GateCatalog;
      /** How many values there are for $1, $2, … */
      readonly params: number;
    },
  ): Verdict | Promise<Verdict>;
}

/** A statement that passed the text gate and whose relations are all known to be readable. */
export interface Statement {
  readonly accepted: Accepted;
  readonly policy: CompiledPolicy;
  readonly hasColumnRules: boolean;
  readonly expansion: Expansion;
}

export interface Judge {
  verdict(sql: string, params: readonly unknown[], access: Access, catalog: Catalog): Promise<Verdict>;
  /** Throws VALIDATION_ERROR. */
  statement(sql: string, params: readonly unknown[], access: Access, catalog: Catalog): Promise<Statement>;
}

/** Reads the text of a view, schema-qualified. */
export type ViewText = (catalog: Catalog, oid: number) => Promise<string>;

export function createJudge(gate: TextGate, viewText: ViewText): Judge {
  const compiled = new WeakMap<SqlPolicy, CompiledPolicy>();
  const catalogs = new WeakMap<Catalog, WeakMap<SqlPolicy, GateCatalog>>();
  const closed = new WeakMap<Catalog, WeakMap<SqlPolicy, SqlPolicy>>();
  const views = new WeakMap<Catalog, WeakMap<SqlPolicy, Map<number, Verdict>>>();

  const policyOf = (policy: SqlPolicy) => remember(compiled, policy, () => compilePolicy(policy));
  const catalogFor = (catalog: Catalog, policy: SqlPolicy) =>
    remember(
      remember(catalogs, catalog, () => new WeakMap()),
      policy,
      () => gateCatalog(catalog, policy.schemas),
    );

  const gatePolicy = (catalog: Catalog, policy: SqlPolicy) =>
    remember(
      remember(closed, catalog, () => new WeakMap()),
      policy,
      () => withClosedColumns(catalog, policy, policyOf(policy)),
    );

  // The view's owner may read the withheld column, so the view must not use it in any way.
  const viewVerdict = async (catalog: Catalog, policy: SqlPolicy, oid: number): Promise<Verdict> => {
    const known = remember(
      remember(views, catalog, () => new WeakMap()),
      policy,
      () => new Map<number, Verdict>(),
    );
    const held = known.get(oid);
    if (held !== undefined) return held;
    const verdict = (await unsafeCall(catalog, policy, oid)) ?? (await viewTextVerdict(catalog, policy, oid));
    known.set(oid, verdict);
    return verdict;
  };

  const viewTextVerdict = async (catalog: Catalog, policy: SqlPolicy, oid: number) =>
    gate.check(await viewText(catalog, oid), {
      policy: withheldOnly(catalog, policy, catalog.viewCalls.get(oid) ?? []),
      catalog: gateCatalog(catalog, []),
      params: 0,
    });

  const unsafeCall = async (
    catalog: Catalog,
    policy: SqlPolicy,
    oid: number,
  ): Promise<Rejected | undefined> => {
    for (const call of catalog.viewCalls.get(oid) ?? []) {
      if (call.judged === "harmless" || isOpened(call, policyOf(policy))) continue;
      const body = call.judged === "body" ? bodyStatement(call) : undefined;
      if (body === undefined) return unsafe(`${call.schema}.${call.name}`);
      const judged = await gate.check(body.sql, {
        policy: { ...policy, columns: deniedColumns(gatePolicy(catalog, policy)) },
        catalog: catalogFor(catalog, policy),
        params: body.params,
      });
      if (judged.ok && judged.tables.every((table) => isPlain(catalog, table, call))) continue;
      return unsafe(`${call.schema}.${call.name}`);
    }
    return undefined;
  };

  const verdict: Judge["verdict"] = async (sql, params, access, catalog) => {
    const policy = gatePolicy(catalog, access.policy);
    const judged = await gate.check(sql, {
      policy,
      catalog: catalogFor(catalog, access.policy),
      params: params.length,
    });
    if (judged.ok) return judged;
    return withNearTables(withTypeHint(judged, policy !== access.policy), catalog, policyOf(access.policy));
  };

  return {
    verdict,
    async statement(sql, params, access, catalog) {
      const accepted = await verdict(sql, params, access, catalog);
      if (!accepted.ok) throw rejectionError(accepted);
      const policy = policyOf(access.policy);
      const expansion = expandRelations(catalog, policy, accepted.tables);
      for (const view of expansion.running) {
        const judged = await viewVerdict(catalog, access.policy, view.oid);
        if (judged.ok || judged.reason !== "dangerous_function") continue;
        throw runsFunctions(`${view.schema}.${view.name}`);
      }
      for (const view of expansion.unclear) {
        if ((await viewVerdict(catalog, access.policy, view.oid)).ok) continue;
        throw withheldBehind(`${view.schema}.${view.name}`);
      }
      return { accepted, policy, expansion, hasColumnRules: hasRules(access.policy) };
    },
  };
}

function gateCatalog(catalog: Catalog, searchPath: readonly string[]): GateCatalog {
  return {
    epoch: catalog.snapshot.epoch,
    searchPath,
    userFunctions: catalog.snapshot.userFunctions,
    relation: (schema, name) => catalog.byName.get(relationKey(schema, name)),
    type: (schema, name) => catalog.userTypes.get(relationKey(schema, name)),
  };
}

/** Everything may be read but the columns with a rule, masked ones included. */
function withheldOnly(catalog: Catalog, policy: SqlPolicy, calls: readonly ViewCall[]): SqlPolicy {
  return {
    schemas: catalog.snapshot.schemas.map((schema) => schema.name),
    columns: deniedColumns(policy),
    functions: {
      ...policy.functions,
      allow: [...(policy.functions?.allow ?? []), ...calls.map(({ schema, name }) => `${schema}.${name}`)],
    },
    maxSqlBytes: 1_000_000,
  };
}

function deniedColumns(policy: SqlPolicy): NonNullable<SqlPolicy["columns"]> {
  return Object.fromEntries(
    Object.entries(policy.columns ?? {}).map(
      ([table, rule]) => [table, { deny: [...(rule.deny ?? []), ...(rule.mask ?? [])] }] as const,
    ),
  );
}

/** A view in a body would have to be followed in its turn; a column wins over an argument of its name. */
function isPlain(catalog: Catalog, { schema, name }: TableAccess, call: ViewCall): boolean {
  const relation = catalog.byName.get(relationKey(schema, name));
  if (relation === undefined || catalog.viewReads.has(relation.oid)) return false;
  if (relation.kind === "view" || relation.kind === "materialized_view") return false;
  const names = new Set([name, ...relation.columns]);
  return !call.argumentNames.some((argument) => names.has(argument.toLowerCase()));
}

function unsafe(name: string): Rejected {
  return { ok: false, reason: "dangerous_function", message: `${name} could do more than compute.` };
}

function hasRules(policy: SqlPolicy): boolean {
  return Object.keys(policy.columns ?? {}).length > 0;
}

/** Which function it is stays unsaid: the caller may not know of it. */
function runsFunctions(view: string): ToolError {
  return rejectionError({
    ok: false,
    reason: "table_not_allowed",
    message: `The view ${view} calls a function that is not known to be harmless.`,
    hint: "Query the tables list_tables shows; the operator can list the view under trusted_views.",
    details: { relation: view },
  });
}

function withheldBehind(view: string): ToolError {
  return rejectionError({
    ok: false,
    reason: "column_not_allowed",
    message: `The view ${view} uses columns that are withheld, or uses a table with such columns in an unclear way.`,
    hint: "Query the tables themselves; the operator can list the view under trusted_views.",
    details: { relation: view },
  });
}

function remember<Key extends object, Value>(known: WeakMap<Key, Value>, key: Key, make: () => Value): Value {
  const held = known.get(key);
  if (held !== undefined) return held;
  const made = make();
  known.set(key, made);
  return made;
}
