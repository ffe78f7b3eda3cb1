import type { CommonTableExpr, Node, SelectStmt, WithClause } from "libpg-query";
import type { Analysis, Ctes, Outputs } from "./analysis.ts";
import { judgeExpressions } from "./expressions.ts";
import { readFrom } from "./from.ts";
import { maxOutputs, refuseOutputs } from "./node-rules.ts";
import { strings } from "./nodes.ts";
import { judgeOrdering } from "./ordering.ts";
import { createScope, type Scope } from "./scope.ts";
import { readTargets } from "./targets.ts";

/**
 * Judges the names of a query and of everything in it; returns its outputs. `root`: its outputs are the statement's.
 * Recursion is one level per nested query, which the structure check bounds; set operations are walked.
 */
export function judgeQuery(
  select: SelectStmt,
  ctes: Ctes | undefined,
  outer: Scope | undefined,
  root: boolean,
  analysis: Analysis,
): Outputs {
  let outputs: Outputs;
  let first = true;
  const pending: { select: SelectStmt; ctes: Ctes | undefined }[] = [{ select, ctes }];
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    const inner = readWith(entry.select.withClause, entry.ctes, outer, analysis);
    const { larg, rarg } = entry.select;
    if (larg !== undefined && rarg !== undefined) {
      judgeSetTail(entry.select, inner, outer, analysis);
      pending.push({ select: rarg, ctes: inner }, { select: larg, ctes: inner });
      continue;
    }
    const found = judgeLeaf(entry.select, inner, outer, root && entry.select === select, analysis);
    if (first) outputs = found;
    first = false;
  }
  return outputs;
}

function judgeLeaf(
  select: SelectStmt,
  ctes: Ctes | undefined,
  outer: Scope | undefined,
  root: boolean,
  analysis: Analysis,
): Outputs {
  const scope = createScope(readFrom(select.fromClause ?? [], ctes, outer, analysis), outer);
  const judge = (...nodes: (Node | undefined)[]) => judgeExpressions(nodes, ctes, scope, analysis);
  judge(
    ...(select.valuesLists ?? []),
    select.whereClause,
    ...(select.groupClause ?? []),
    select.havingClause,
  );
  judge(...(select.windowClause ?? []), ...(select.distinctClause ?? []), ...(select.sortClause ?? []));
  judge(select.limitCount, select.limitOffset);
  const outputs =
    select.valuesLists === undefined ? readTargets(select, ctes, scope, root, analysis) : valueNames(select);
  if (root) judgeOrdering(select, outputs, analysis);
  if (outputs !== undefined && outputs.length > maxOutputs) refuseOutputs();
  return outputs;
}

/** ORDER BY of a set operation can only name its outputs; anything else is judged as if the outputs were not there. */
function judgeSetTail(
  select: SelectStmt,
  ctes: Ctes | undefined,
  outer: Scope | undefined,
  analysis: Analysis,
): void {
  const sorted = (select.sortClause ?? []).flatMap((node) => ("SortBy" in node ? [node.SortBy.node] : []));
  const computed = sorted.filter((node) => node !== undefined && !isBareColumn(node));
  judgeExpressions([...computed, select.limitCount, select.limitOffset], ctes, outer, analysis);
}

function isBareColumn(node: Node): boolean {
  return "ColumnRef" in node && node.ColumnRef.fields?.length === 1;
}

function valueNames(select: SelectStmt): Outputs {
  const [row] = select.valuesLists ?? [];
  const width = row !== undefined && "List" in row ? (row.List.items?.length ?? 0) : 0;
  return Array.from({ length: width }, (_, index) => `column${index + 1}`);
}

/** A name counts from the expression after it on; in a recursive WITH from the first on. */
function readWith(
  clause: WithClause | undefined,
  ctes: Ctes | undefined,
  outer: Scope | undefined,
  analysis: Analysis,
): Ctes | undefined {
  const entries = (clause?.ctes ?? []).flatMap((node) =>
    "CommonTableExpr" in node ? [node.CommonTableExpr] : [],
  );
  let visible = ctes;
  if (clause?.recursive) {
    for (const entry of entries) {
      const names = strings(entry.aliascolnames);
      visible = {
        name: entry.ctename ?? "",
        columns: names.length > 0 ? undefined : undefined,
        outer: visible,
      };
    }
  }
  let done = visible;
  for (const entry of entries) {
    const query = entry.ctequery;
    const outputs =
      query !== undefined && "SelectStmt" in query
        ? analysis.query(query.SelectStmt, done, outer)
        : undefined;
    judgeCycle(entry, analysis);
    done = { name: entry.ctename ?? "", columns: cteColumns(entry, outputs), outer: done };
  }
  return done;
}

function cteColumns(entry: CommonTableExpr, outputs: Outputs): Outputs {
  if (outputs === undefined) return undefined;
  const names = strings(entry.aliascolnames);
  const extra = [
    entry.search_clause?.search_seq_column,
    entry.cycle_clause?.cycle_mark_column,
    entry.cycle_clause?.cycle_path_column,
  ].filter((name) => name !== undefined);
  return [...names, ...outputs.slice(names.length), ...extra];
}

function judgeCycle(entry: CommonTableExpr, analysis: Analysis): void {
  const cycle = entry.cycle_clause;
  if (cycle !== undefined)
    judgeExpressions([cycle.cycle_mark_value, cycle.cycle_mark_default], undefined, undefined, analysis);
}
