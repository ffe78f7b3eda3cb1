import { defineTool, isToolError, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import { pickSource } from "../project/project.ts";
import type { Services } from "../services.ts";
import { paramsField, readOnlyHints, readScope, sourceField, sqlField } from "./fields.ts";

const planTimeoutMs = 5_000;

export const validateQuery = defineTool({
  name: "validate_query",
  title: "Validate a query",
  description:
    "Says whether query would accept a statement, and if not why and what is allowed instead; names the tables, columns and functions it touches and the planner's row estimate. Executes nothing.",
  input: z.strictObject({ source: sourceField, sql: sqlField, params: paramsField }),
  output: z.object({
    verdict: z.enum(["accepted", "rejected"]),
    reason: z.string().optional(),
    message: z.string().optional(),
    hint: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional(),
    tables: z.array(z.string()),
    columns: z.array(z.string()),
    functions: z.array(z.string()),
    estimated_rows: z.number().optional(),
    estimated_cost: z.number().optional(),
  }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "read",
  async run({ source: id, sql, params = [] }, { services, principal, signal }: ToolContext<Services>) {
    const source = pickSource(services.projects.of(principal), id);
    const { access } = await source.view(signal);
    const verdict = await source.engine.check(sql, params, access, signal);
    const audit = { source: source.id };
    if (!verdict.ok) {
      const { reason, message, hint, details } = verdict;
      const why = {
        reason,
        message,
        ...(hint === undefined ? {} : { hint }),
        ...(details === undefined ? {} : { details }),
      };
      return { data: { verdict: "rejected" as const, ...why, ...nothing }, audit: { ...audit, reason } };
    }
    const touched = {
      tables: verdict.tables.map((table) => `${table.schema}.${table.name}`),
      columns: [...verdict.columns],
      functions: [...verdict.functions],
    };
    try {
      const timeoutMs = Math.min(planTimeoutMs, source.limits.timeoutMs);
      const plan = await source.engine.explain({
        sql,
        params: [...params],
        analyze: false,
        access,
        timeoutMs,
        signal,
      });
      return {
        data: {
          verdict: "accepted" as const,
          ...touched,
          ...(plan.estimatedRows === undefined ? {} : { estimated_rows: plan.estimatedRows }),
          ...(plan.totalCost === undefined ? {} : { estimated_cost: plan.totalCost }),
        },
        audit,
      };
    } catch (thrown) {
      if (!isToolError(thrown) || !refusals.has(thrown.code)) throw thrown;
      const reason = String(thrown.details?.reason ?? thrown.code.toLowerCase());
      return {
        data: {
          verdict: "rejected" as const,
          reason,
          message: thrown.message,
          ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
          ...touched,
        },
        audit: { ...audit, reason },
      };
    }
  },
});

const nothing = { tables: [], columns: [], functions: [] };

/** What the engine says of the statement itself; the rest is about the connection and stays a failure. */
const refusals: ReadonlySet<string> = new Set([
  "VALIDATION_ERROR",
  "QUERY_ERROR",
  "PERMISSION_DENIED",
  "COST_LIMIT_EXCEEDED",
]);
