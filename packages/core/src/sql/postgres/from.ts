import type { Alias, JoinExpr, Node, RangeSubselect, RangeVar } from "libpg-query";
import { type Analysis, type Ctes, findCte, type Outputs } from "./analysis.ts";
import { refuseColumn, refuseWholeRow, report } from "./columns.ts";
import { judgeExpressions } from "./expressions.ts";
import { functionSource } from "./from-function.ts";
import { strings } from "./nodes.ts";
import { resolveRelation } from "./relations.ts";
import { createScope, type Scope, type Source } from "./scope.ts";

type Step = { readonly node: Node } | { readonly join: JoinExpr; readonly start: number };

/** Judges a FROM clause; returns its items in order. Joins nest as deep as their text is long, hence the stack. */
export function readFrom(
  items: readonly Node[],
  ctes: Ctes | undefined,
  outer: Scope | undefined,
  analysis: Analysis,
): Source[] {
  const sources: Source[] = [];
  const steps: Step[] = items.map((node) => ({ node })).reverse();
  // What a lateral item may see: some of the items before it.
  const lateral = (): Scope => createScope([...sources], outer, true);
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    if ("join" in step) {
      finishJoin(step.join, step.start, sources, ctes, outer, analysis);
    } else if ("JoinExpr" in step.node) {
      const { larg, rarg } = step.node.JoinExpr;
      steps.push({ join: step.node.JoinExpr, start: sources.length });
      if (rarg !== undefined) steps.push({ node: rarg });
      if (larg !== undefined) steps.push({ node: larg });
    } else if ("RangeTableSample" in step.node) {
      const { relation, args = [], repeatable } = step.node.RangeTableSample;
      judgeExpressions([...args, repeatable], ctes, lateral(), analysis);
      if (relation !== undefined) steps.push({ node: relation });
    } else if ("RangeVar" in step.node) {
      sources.push(tableSource(step.node.RangeVar, ctes, analysis));
    } else if ("RangeSubselect" in step.node) {
      const range = step.node.RangeSubselect;
      sources.push(querySource(range, ctes, range.lateral ? lateral() : outer, analysis));
    } else if ("RangeFunction" in step.node) {
      const range = step.node.RangeFunction;
      judgeExpressions(range.functions ?? [], ctes, lateral(), analysis);
      sources.push(functionSource(range, analysis));
    }
  }
  return sources;
}

function tableSource(range: RangeVar, ctes: Ctes | undefined, analysis: Analysis): Source {
  const name = range.alias?.aliasname ?? range.relname;
  const cte =
    range.schemaname === undefined && range.catalogname === undefined
      ? findCte(ctes, range.relname ?? "")
      : undefined;
  if (cte !== undefined) return { name, columns: rename(cte.columns, range.alias), kind: "query" };
  const { table, columns, rules } = resolveRelation(range, analysis);
  const source: Source = {
    name,
    ...(range.alias === undefined ? { schema: table.schema } : {}),
    table,
    columns,
    rules,
    kind: "table",
  };
  if ((range.alias?.colnames ?? []).length === 0) return source;
  refuseWholeRow(source);
  return { name, table, columns: rename(columns, range.alias), kind: "table" };
}

function querySource(
  range: RangeSubselect,
  ctes: Ctes | undefined,
  outer: Scope | undefined,
  analysis: Analysis,
): Source {
  const query = range.subquery;
  const outputs =
    query !== undefined && "SelectStmt" in query ? analysis.query(query.SelectStmt, ctes, outer) : undefined;
  return { name: range.alias?.aliasname, columns: rename(outputs, range.alias), kind: "query" };
}

function finishJoin(
  join: JoinExpr,
  start: number,
  sources: Source[],
  ctes: Ctes | undefined,
  outer: Scope | undefined,
  analysis: Analysis,
): void {
  const joined = sources.slice(start);
  if (join.isNatural) for (const source of joined) refuseWholeRow(source);
  const using = strings(join.usingClause);
  for (const column of using) {
    for (const source of joined) {
      const judgement = source.rules?.(column);
      const present = source.columns?.includes(column) ?? true;
      if (judgement !== undefined && present) refuseColumn(source, column, judgement);
      if (source.columns?.includes(column)) report(source, column, analysis);
    }
  }
  if (join.quals !== undefined) judgeExpressions([join.quals], ctes, createScope(joined, outer), analysis);
  // Merged columns stand once, and first: no place in * is sure.
  if (join.isNatural || using.length > 0)
    sources.push({ name: undefined, columns: undefined, kind: "query" });
  if (join.join_using_alias !== undefined) {
    sources.push({ name: join.join_using_alias.aliasname, columns: using, kind: "query" });
  }
  if (join.alias !== undefined) {
    for (const source of joined) refuseWholeRow(source);
    // The alias hides what it joins.
    sources.splice(start, sources.length, { name: join.alias.aliasname, columns: undefined, kind: "query" });
  }
}

function rename(columns: Outputs, alias: Alias | undefined): Outputs {
  const names = strings(alias?.colnames);
  if (names.length === 0) return columns;
  return columns === undefined ? undefined : [...names, ...columns.slice(names.length)];
}
