import { ToolError } from "@mcp-data/core";
import type { ExplainRequest, ExplainResult, PlanNode } from "../engine/engine.ts";
import type { Catalog } from "./catalog/catalog.ts";
import { withCatalog } from "./catalog/with-catalog.ts";
import { withNearColumns } from "./errors/suggest-columns.ts";
import type { Parts } from "./parts.ts";
import { textStep } from "./protocol/step.ts";
import { runStatement } from "./run-statement.ts";
import { checkPlan, explainPrefix, type PlanFacts } from "./walls/plan-check.ts";
import { parseExplain, type RawExplain, type RawPlan } from "./walls/plan-tree.ts";

const analyzePrefix = "EXPLAIN (ANALYZE, VERBOSE, FORMAT JSON) ";
const wireBytes = 16_777_216;

/** `analyze` runs the statement, behind the same walls and within the same time. */
export function runExplain(parts: Parts, request: ExplainRequest): Promise<ExplainResult> {
  return withCatalog(parts.catalogs, request.signal, (catalog) => explainWith(parts, request, catalog));
}

async function explainWith(parts: Parts, request: ExplainRequest, catalog: Catalog): Promise<ExplainResult> {
  const { access, params, signal, timeoutMs } = request;
  const statement = await parts.judge.statement(request.sql, params, access, catalog);
  const prefix = request.analyze ? analyzePrefix : explainPrefix;
  const lease = await parts.pool.acquire(signal);
  let json = "";
  let explain: RawExplain | undefined;
  let facts: PlanFacts = { relations: [], nodes: [] };
  try {
    await withNearColumns(catalog, statement, () =>
      runStatement(
        {
          lease,
          session: parts.session,
          catalog,
          statement,
          // Without ANALYZE the plan below is the checked one; a cost above the ceiling is worth seeing.
          access: request.analyze ? access : { ...access, planCheck: false },
          text: statement.accepted.text,
          params,
          timeoutMs,
          signal,
          maxBytes: wireBytes,
        },
        parts.memory,
        (values) =>
          textStep(`${prefix}${statement.accepted.text}`, values, 0, {
            callerTextAt: prefix.length,
            row([line]) {
              json += line ?? "";
              return undefined;
            },
            done() {
              explain = parseExplain(json);
              facts = checkPlan(explain, {
                catalog,
                policy: statement.policy,
                trusted: statement.expansion.trusted,
              });
            },
          }),
      ),
    );
  } finally {
    lease.release();
  }
  if (explain === undefined) throw new ToolError("RESULT_TOO_LARGE", "The plan is too large to be read.");
  return describe(explain, facts, statement.expansion.trusted.size > 0);
}

/** `veiled`: a trusted view takes part, whose text and tables are not the caller's to see. */
function describe(explain: RawExplain, facts: PlanFacts, veiled: boolean): ExplainResult {
  const { Plan: plan, "Execution Time": executionMs } = explain;
  const shown = new Set(facts.nodes);
  return {
    plan: node(plan, { veiled, isShown: (raw) => shown.has(raw) }),
    relations: facts.relations,
    ...given("totalCost", plan["Total Cost"]),
    ...given("estimatedRows", plan["Plan Rows"]),
    ...given("executionMs", executionMs),
  };
}

interface Veil {
  readonly veiled: boolean;
  /** Whether the node's relation is one the caller may read by name. */
  isShown(raw: RawPlan): boolean;
}

function node(raw: RawPlan, veil: Veil): PlanNode {
  const named = !veil.veiled || veil.isShown(raw);
  const relation = named ? raw["Relation Name"] : undefined;
  const filter = veil.veiled
    ? undefined
    : conditions.map((key) => raw[key]).find((value) => typeof value === "string");
  return {
    node: [raw["Node Type"] ?? "?", raw["Join Type"]].filter((part) => part !== undefined).join(" "),
    ...given("relation", relation === undefined ? undefined : `${raw.Schema}.${relation}`),
    ...given("index", named ? raw["Index Name"] : undefined),
    ...given("filter", typeof filter === "string" ? filter.slice(0, 300) : undefined),
    ...given("cost", raw["Total Cost"]),
    ...given("rows", raw["Plan Rows"]),
    ...given("actualRows", raw["Actual Rows"]),
    ...given("actualMs", raw["Actual Total Time"]),
    ...given("loops", raw["Actual Loops"]),
    ...(raw.Plans === undefined ? {} : { children: raw.Plans.map((child) => node(child, veil)) }),
  };
}

const conditions = ["Filter", "Index Cond", "Hash Cond", "Merge Cond", "Join Filter", "Recheck Cond"];

function given<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}
