import { ToolError } from "@mcp-data/core";
import type { ExplainResult, PlanNode } from "../engine/engine.ts";

interface RawNode {
  readonly name?: string;
  readonly operator_name?: string;
  readonly operator_timing?: number;
  readonly operator_cardinality?: number;
  readonly latency?: number;
  readonly extra_info?: Readonly<Record<string, unknown>>;
  readonly children?: readonly RawNode[];
}

/** The engine's JSON plan, with or without measured figures. It gives estimates of rows, no costs. */
export function readPlan(json: string): ExplainResult {
  const top = parse(json);
  const analyzed = top.latency !== undefined;
  const root = analyzed ? (top.children?.[0]?.children?.[0] ?? top.children?.[0] ?? top) : top;
  const plan = toNode(root, 0);
  const estimated = plan.rows ?? firstEstimate(plan);
  return {
    plan,
    relations: [...new Set(relationsOf(plan))],
    ...(estimated === undefined ? {} : { estimatedRows: estimated }),
    ...(top.latency === undefined ? {} : { executionMs: milliseconds(top.latency) }),
  };
}

function parse(json: string): RawNode {
  const raw = JSON.parse(json) as RawNode | readonly RawNode[];
  const top = Array.isArray(raw) ? (raw as readonly RawNode[])[0] : (raw as RawNode);
  if (top === undefined) throw new ToolError("QUERY_ERROR", "The engine gave no plan for this statement.");
  return top;
}

/** Deeper plans than any reader wants are cut. */
const maxDepth = 200;

function toNode(raw: RawNode, depth: number): PlanNode {
  const info = raw.extra_info ?? {};
  const children = depth < maxDepth ? (raw.children ?? []) : [];
  const relation = relationOf(info.Table);
  const filter = textOf(info.Filters ?? info.Conditions ?? info.Expression);
  const rows = numberOf(info["Estimated Cardinality"]);
  return {
    node: [title(raw.operator_name ?? raw.name ?? "?"), textOf(info["Join Type"])].filter(Boolean).join(" "),
    ...(relation === undefined ? {} : { relation }),
    ...(filter === undefined ? {} : { filter: filter.slice(0, 300) }),
    ...(rows === undefined ? {} : { rows }),
    ...(raw.operator_cardinality === undefined ? {} : { actualRows: raw.operator_cardinality }),
    ...(raw.operator_timing === undefined ? {} : { actualMs: milliseconds(raw.operator_timing) }),
    ...(children.length === 0 ? {} : { children: children.map((child) => toNode(child, depth + 1)) }),
  };
}

/** SEQ_SCAN → Seq Scan. */
function title(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/(?:^|_+)([a-z])/g, (_, letter: string) => ` ${letter.toUpperCase()}`)
    .trim();
}

/** `database.schema.table` without the database. */
function relationOf(table: unknown): string | undefined {
  const name = textOf(table);
  if (name === undefined) return undefined;
  const parts = name.match(/"(?:[^"]|"")*"|[^."]+/g) ?? [name];
  return parts
    .slice(-2)
    .map((part) => part.replace(/^"|"$/g, "").replaceAll('""', '"'))
    .join(".");
}

function relationsOf(plan: PlanNode): string[] {
  const found: string[] = [];
  const open = [plan];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.relation !== undefined) found.push(next.relation);
    open.push(...(next.children ?? []));
  }
  return found;
}

function firstEstimate(plan: PlanNode): number | undefined {
  let next: PlanNode | undefined = plan;
  while (next !== undefined && next.rows === undefined) next = next.children?.[0];
  return next?.rows;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.map(String).join(" AND ") : undefined;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1_000_000) / 1_000;
}
