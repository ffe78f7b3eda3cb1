import type { Relation } from "../catalog/snapshot.ts";
import type { PlanNode } from "../engine/engine.ts";

export interface Advice {
  readonly warnings: string[];
  readonly indexHints: string[];
}

const largeTable = 10_000;
const badEstimate = 10;

/** What a reader of the plan would point at: large scans under a filter, estimates far off, sorts on disk. */
export function adviseOnPlan(plan: PlanNode, find: (name: string) => Relation | undefined): Advice {
  const warnings: string[] = [];
  const indexHints: string[] = [];
  for (const node of walk(plan)) {
    const relation = node.relation === undefined ? undefined : find(node.relation);
    const size = relation?.rowEstimate ?? 0;
    if (node.node === "Seq Scan" && node.filter !== undefined && size >= largeTable) {
      warnings.push(`Sequential scan of ${node.relation} (about ${size} rows) to apply a filter.`);
      indexHints.push(...hintFor(node, relation));
    }
    const off = estimateError(node);
    if (off !== undefined && off >= badEstimate) {
      warnings.push(
        `${node.node}${node.relation === undefined ? "" : ` on ${node.relation}`}: ${node.actualRows} rows where ${node.rows} were estimated; statistics may be old.`,
      );
    }
    if (node.node === "Nested Loop" && (node.rows ?? 0) >= largeTable * 100) {
      warnings.push(`Nested loop over about ${node.rows} rows; is a join condition missing?`);
    }
  }
  return { warnings: [...new Set(warnings)].slice(0, 10), indexHints: [...new Set(indexHints)].slice(0, 5) };
}

function* walk(node: PlanNode): Generator<PlanNode> {
  const queue = [node];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    yield next;
    queue.push(...(next.children ?? []));
  }
}

function hintFor(node: PlanNode, relation: Relation | undefined): string[] {
  if (relation === undefined || node.filter === undefined) return [];
  const used = relation.columns
    .map((column) => column.name)
    .filter((name) => mentions(node.filter ?? "", name));
  if (used.length === 0 || used.length > 4) return [];
  const leading = new Set(relation.indexes.map((index) => index.columns[0]));
  const missing = used.filter((name) => !leading.has(name));
  if (missing.length === 0) {
    return [
      `An index on ${used.join(", ")} exists but was not used: the filter keeps many rows or wraps the column.`,
    ];
  }
  return [`An index on ${relation.schema}.${relation.name} (${missing.join(", ")}) could serve this filter.`];
}

function mentions(filter: string, name: string): boolean {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(^|[^A-Za-z0-9_$])"?${escaped}"?([^A-Za-z0-9_$]|$)`).test(filter);
}

function estimateError(node: PlanNode): number | undefined {
  if (node.actualRows === undefined || node.rows === undefined) return undefined;
  const [low, high] = [Math.min(node.actualRows, node.rows), Math.max(node.actualRows, node.rows)];
  return high < 100 ? undefined : high / Math.max(1, low);
}
