import { type CompiledPolicy, type Rejected, rejectionError, ToolError } from "@mcp-data/core";
import { type Catalog, type NamedRelation, relationKey } from "../catalog/catalog.ts";
import { allNodes, type RawExplain, type RawPlan } from "./plan-tree.ts";
import { lineOf, mayRead } from "./relation-rules.ts";

export const explainPrefix = "EXPLAIN (VERBOSE, FORMAT JSON) ";

export interface PlanFacts {
  /** `schema.table` the plan reads, partitions as their allowed parent; none that only a trusted view may read. */
  readonly relations: readonly string[];
  /** The nodes that read them. */
  readonly nodes: readonly RawPlan[];
}

export interface PlanRules {
  readonly catalog: Catalog;
  readonly policy: CompiledPolicy;
  /** Relations a trusted view reads. */
  readonly trusted: ReadonlySet<number>;
  readonly maxCost?: number | undefined;
}

/** Holds every node of the server's own plan against the policy. Throws VALIDATION_ERROR or COST_LIMIT_EXCEEDED. */
export function checkPlan(explain: RawExplain | undefined, rules: PlanRules): PlanFacts {
  if (explain === undefined) throw rejectionError(notReading("a statement without a plan"));
  const relations = new Set<string>();
  const nodes: RawPlan[] = [];
  for (const node of allNodes(explain.Plan)) {
    const type = node["Node Type"] ?? "";
    if (!readingNodes.has(type)) throw rejectionError(notReading(node.Operation ?? type));
    if (node["Relation Name"] !== undefined) {
      const shown = readRelation(node, rules);
      if (shown === undefined) continue;
      relations.add(shown);
      nodes.push(node);
    } else if (relationNodes.has(type)) {
      throw rejectionError(notAllowed(undefined));
    }
    if (functionNodes.has(type)) checkFunction(node, rules);
  }
  checkCost(explain.Plan, rules.maxCost);
  return { relations: [...relations], nodes };
}

/** Undefined for what only a trusted view may read. */
function readRelation(node: RawPlan, rules: PlanRules): string | undefined {
  const { catalog, policy } = rules;
  const schema = node.Schema ?? "";
  const name = node["Relation Name"] ?? "";
  const shown = `${schema}.${name}`;
  const relation: NamedRelation = catalog.anyByName.get(relationKey(schema, name)) ?? {
    oid: 0,
    schema,
    name,
    kind: "table",
  };
  const line = lineOf(catalog, relation);
  const isTrusted = line.some((member) => rules.trusted.has(member.oid));
  if (isTrusted && !mayRead(catalog, policy, relation)) return undefined;
  if (!isTrusted && (node["Node Type"] === "Foreign Scan" || !mayRead(catalog, policy, relation)))
    throw rejectionError(notAllowed(schema === "" ? undefined : shown, relation.oid === 0));
  const whole = line.findLast((member) => policy.table(member.schema, member.name) === "allowed");
  return whole === undefined ? shown : `${whole.schema}.${whole.name}`;
}

function checkFunction(node: RawPlan, rules: PlanRules): void {
  const name = node["Function Name"] ?? node["Table Function Name"];
  const schema = node.Schema ?? "pg_catalog";
  if (typeof name === "string") {
    const qualified = `${schema}.${name}`;
    if (schema === "pg_catalog" && rowFunctions.has(name)) return;
    if (isExtra(name, rules.policy) || isExtra(qualified, rules.policy)) return;
  }
  throw rejectionError({
    ok: false,
    reason: "dangerous_function",
    message: `The function ${typeof name === "string" ? name : "list"} in FROM is not allowed here.`,
    hint: "In FROM use tables, generate_series, unnest, or the json and regexp row functions, one per item.",
  });
}

function isExtra(name: string, policy: CompiledPolicy): boolean {
  return policy.extraFunctions.has(name) || policy.extraPrefixes.some((prefix) => name.startsWith(prefix));
}

function checkCost(root: RawPlan, maxCost: number | undefined): void {
  const cost = root["Total Cost"] ?? 0;
  if (maxCost === undefined || cost <= maxCost) return;
  throw new ToolError(
    "COST_LIMIT_EXCEEDED",
    `The planner expects a cost of ${Math.round(cost)}; this source allows ${maxCost}.`,
    {
      hint: "Filter on an indexed column, join less, or aggregate a smaller range; explain_query shows the plan.",
      details: { cost, max_cost: maxCost, estimated_rows: root["Plan Rows"] },
    },
  );
}

/** Details `unknown`: the catalog has not met the relation yet. */
function notAllowed(relation: string | undefined, unknown = false): Rejected {
  return {
    ok: false,
    reason: "table_not_allowed",
    message: "The statement would read a relation that is not allowed here.",
    hint: "Query the tables list_tables shows; a view over other tables must be listed under trusted_views.",
    ...(unknown && relation !== undefined ? { details: { unknown: true } } : {}),
  };
}

function notReading(what: string): Rejected {
  return {
    ok: false,
    reason: "forbidden_statement",
    message: `The plan does more than read: ${what}.`,
    hint: "Send a single SELECT.",
  };
}

const relationNodes: ReadonlySet<string> = new Set([
  "Seq Scan",
  "Sample Scan",
  "Index Scan",
  "Index Only Scan",
  "Bitmap Heap Scan",
  "Tid Scan",
  "Tid Range Scan",
  "Foreign Scan",
]);

const functionNodes: ReadonlySet<string> = new Set(["Function Scan", "Table Function Scan"]);

/** Node types of PostgreSQL 12 to 18 that only read; Modify Table, LockRows and Custom Scan are not among them. */
const readingNodes: ReadonlySet<string> = new Set([
  ...relationNodes,
  ...functionNodes,
  "Bitmap Index Scan",
  "Values Scan",
  "CTE Scan",
  "WorkTable Scan",
  "Subquery Scan",
  "Result",
  "ProjectSet",
  "Append",
  "Merge Append",
  "Recursive Union",
  "BitmapAnd",
  "BitmapOr",
  "Nested Loop",
  "Merge Join",
  "Hash Join",
  "Hash",
  "Materialize",
  "Memoize",
  "Sort",
  "Incremental Sort",
  "Group",
  "Aggregate",
  "WindowAgg",
  "Unique",
  "SetOp",
  "Limit",
  "Gather",
  "Gather Merge",
]);

/** Row functions that compute from their arguments alone. */
const rowFunctions: ReadonlySet<string> = new Set([
  "generate_series",
  "generate_subscripts",
  "unnest",
  "json_array_elements",
  "json_array_elements_text",
  "json_each",
  "json_each_text",
  "json_object_keys",
  "json_populate_recordset",
  "json_populate_record",
  "json_to_record",
  "json_to_recordset",
  "jsonb_array_elements",
  "jsonb_array_elements_text",
  "jsonb_each",
  "jsonb_each_text",
  "jsonb_object_keys",
  "jsonb_path_query",
  "jsonb_populate_recordset",
  "jsonb_populate_record",
  "jsonb_to_record",
  "jsonb_to_recordset",
  "regexp_matches",
  "regexp_split_to_table",
  "string_to_table",
  "xmltable",
  "json_table",
]);
