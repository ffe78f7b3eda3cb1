import type { ColumnRef, Node, SelectStmt } from "libpg-query";
import type { Analysis, Ctes, Outputs } from "./analysis.ts";
import { judgeColumn, refuseColumn, refuseWholeRow, report, starSources } from "./columns.ts";
import { judgeExpressions } from "./expressions.ts";
import { maxOutputs, refuseOutputs } from "./node-rules.ts";
import { strings } from "./nodes.ts";
import { outputName } from "./output-names.ts";
import { isRuled, type Scope, type Source } from "./scope.ts";

/** Judges the outputs of one SELECT; returns their names. */
export function readTargets(
  select: SelectStmt,
  ctes: Ctes | undefined,
  scope: Scope,
  root: boolean,
  analysis: Analysis,
): Outputs {
  const names: string[] = [];
  let known = true;
  for (const node of select.targetList ?? []) {
    if (!("ResTarget" in node)) continue;
    const { val, name } = node.ResTarget;
    const star = starQualifier(val);
    if (star !== undefined) {
      for (const source of starSources(star, scope)) {
        const shown = expandStar(source, root, analysis);
        if (shown === undefined) known = false;
        else names.push(...shown);
      }
      continue;
    }
    const output = name ?? outputName(val);
    if (root && val !== undefined && "ColumnRef" in val) {
      if (judgeColumn(val.ColumnRef, scope, "direct", analysis)) analysis.masked.add(output);
    } else {
      judgeExpressions([val], ctes, scope, analysis);
    }
    if (val !== undefined && expandsFields(val)) known = false;
    else names.push(name ?? writtenName(val));
    if (names.length > maxOutputs) refuseOutputs();
  }
  return known ? names : undefined;
}

/** Names the server makes up are not foretold: taken for a column, one would hide that of a query further out. */
function writtenName(value: Node | undefined): string {
  return value !== undefined && "ColumnRef" in value ? outputName(value) : "";
}

function starQualifier(value: Node | undefined): string[] | undefined {
  if (value === undefined || !("ColumnRef" in value)) return undefined;
  const ref: ColumnRef = value.ColumnRef;
  const last = ref.fields?.at(-1);
  if (last === undefined || !("A_Star" in last) || (ref.fields?.length ?? 0) > 3) return undefined;
  return strings(ref.fields?.slice(0, -1));
}

function expandsFields(value: Node): boolean {
  const last = "A_Indirection" in value ? value.A_Indirection.indirection?.at(-1) : undefined;
  return last !== undefined && "A_Star" in last;
}

function expandStar(source: Source, root: boolean, analysis: Analysis): Outputs {
  const { columns, rules } = source;
  if (rules === undefined || !isRuled(source)) {
    for (const column of columns ?? ["*"]) report(source, column, analysis);
    return columns;
  }
  if (columns === undefined || columns.some((column) => rules(column) === "deny")) refuseWholeRow(source);
  for (const column of columns ?? []) {
    report(source, column, analysis);
    if (rules(column) === undefined) continue;
    if (!root) refuseColumn(source, column, "mask");
    analysis.masked.add(column);
  }
  return columns;
}
