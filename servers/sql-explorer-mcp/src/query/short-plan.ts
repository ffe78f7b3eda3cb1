import type { PlanNode } from "../engine/engine.ts";

const maxLines = 80;
const maxFilter = 200;

/** One line per node, two spaces per level. */
export function shortPlan(root: PlanNode): { lines: string[]; cut: boolean } {
  const lines: string[] = [];
  const stack: { node: PlanNode; depth: number }[] = [{ node: root, depth: 0 }];
  while (stack.length > 0 && lines.length < maxLines) {
    const { node, depth } = stack.pop() as { node: PlanNode; depth: number };
    lines.push(`${"  ".repeat(Math.min(depth, 20))}${describe(node)}`);
    for (const child of [...(node.children ?? [])].reverse()) stack.push({ node: child, depth: depth + 1 });
  }
  return { lines, cut: stack.length > 0 };
}

function describe(node: PlanNode): string {
  const on = node.relation === undefined ? "" : ` on ${node.relation}`;
  const using = node.index === undefined ? "" : ` using ${node.index}`;
  const numbers = [
    node.cost === undefined ? undefined : `cost=${node.cost}`,
    node.rows === undefined ? undefined : `rows≈${node.rows}`,
    node.actualRows === undefined ? undefined : `actual rows=${node.actualRows}`,
    node.actualMs === undefined ? undefined : `${node.actualMs} ms`,
    (node.loops ?? 1) > 1 ? `×${node.loops}` : undefined,
  ].filter((part) => part !== undefined);
  const filter = node.filter === undefined ? "" : ` filter: ${clip(node.filter)}`;
  return `${node.node}${on}${using}${numbers.length === 0 ? "" : ` (${numbers.join(", ")})`}${filter}`;
}

function clip(text: string): string {
  return text.length > maxFilter ? `${text.slice(0, maxFilter - 1)}…` : text;
}
