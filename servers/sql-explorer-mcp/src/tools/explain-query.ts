import { defineTool, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import type { CatalogView } from "../catalog/view.ts";
import type { PlanNode } from "../engine/engine.ts";
import { pickSource } from "../project/project.ts";
import { adviseOnPlan } from "../query/plan-advice.ts";
import { shortPlan } from "../query/short-plan.ts";
import type { Services } from "../services.ts";
import { paramsField, readOnlyHints, readScope, sourceField, sqlField } from "./fields.ts";

export const explainQuery = defineTool({
  name: "explain_query",
  title: "Explain a query",
  description:
    "Returns the engine's plan for a statement in short: tree, relations, cost, warnings such as large sequential scans, and index hints. analyze runs the statement, read-only and within the time limit, to add real rows and times.",
  input: z.strictObject({
    source: sourceField,
    sql: sqlField,
    params: paramsField,
    analyze: z.boolean().default(false).describe("true: run it and measure."),
  }),
  output: z.object({
    plan: untrusted(z.array(z.string())),
    relations: z.array(z.string()),
    total_cost: z.number().optional(),
    estimated_rows: z.number().optional(),
    execution_ms: z.number().optional(),
    findings: z.array(z.string()),
    index_hints: z.array(z.string()),
  }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "read",
  timeoutMs: 660_000,
  async run(
    { source: id, sql, params = [], analyze },
    { services, principal, signal }: ToolContext<Services>,
  ) {
    const source = pickSource(services.projects.of(principal), id);
    const view = await source.view(signal);
    const { access } = view;
    const { timeoutMs } = source.limits;
    const result = await source.engine.explain({
      sql,
      params: [...params],
      analyze,
      access,
      timeoutMs,
      signal,
    });
    const advice = adviseOnPlan(result.plan, (name) => findByName(view, name));
    const { lines, cut } = shortPlan(result.plan);
    return {
      data: {
        plan: lines,
        relations: [...result.relations],
        ...(result.totalCost === undefined ? {} : { total_cost: result.totalCost }),
        ...(result.estimatedRows === undefined ? {} : { estimated_rows: result.estimatedRows }),
        ...(result.executionMs === undefined ? {} : { execution_ms: result.executionMs }),
        findings: advice.warnings,
        index_hints: advice.indexHints,
      },
      warnings: cut ? ["The plan is long; deeper nodes were left out."] : [],
      audit: { source: source.id, tables: result.relations, analyze },
    };
  },
});

function findByName(view: CatalogView, name: NonNullable<PlanNode["relation"]>) {
  const dot = name.indexOf(".");
  return view.find(name.slice(0, dot), name.slice(dot + 1));
}
