import type { A_Indirection, ColumnRef, FuncCall, Node, SelectStmt } from "libpg-query";
import type { Analysis, Ctes } from "./analysis.ts";
import { resultColumns } from "./builtins.generated.ts";
import { judgeColumn, judgeFieldSelection, judgeQualified } from "./columns.ts";
import { type Fields, strings, unwrap } from "./nodes.ts";
import { matchColumn, matchSource, type Scope } from "./scope.ts";
import { shapes } from "./shapes.ts";

/** Judges every column and query inside expressions. Walks with a stack of its own: expressions nest as deep as their text is long. */
export function judgeExpressions(
  roots: readonly (Node | undefined)[],
  ctes: Ctes | undefined,
  scope: Scope | undefined,
  analysis: Analysis,
): void {
  const stack: { kind: string; fields: Fields }[] = [];
  const push = (value: unknown): void => {
    for (const item of Array.isArray(value) ? value : [value]) {
      const found = item === undefined ? undefined : unwrap(item);
      if (found !== undefined) stack.push(found);
    }
  };
  for (const root of roots) push(root);
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const { kind, fields } = entry;
    switch (kind) {
      case "ColumnRef":
        judgeColumn(fields as ColumnRef, scope, "expression", analysis);
        continue;
      case "SelectStmt":
        analysis.query(fields as SelectStmt, ctes, scope);
        continue;
      case "A_Indirection":
        push(judgeIndirection(fields as A_Indirection, scope, analysis));
        continue;
      // Only constants and the type's name.
      case "TypeName":
        continue;
    }
    const shape = shapes.get(kind);
    for (const name in fields) {
      const field = shape?.get(name);
      if (field === "node") push(fields[name]);
      else if (field !== "value" && field !== undefined)
        stack.push({ kind: field.inline, fields: fields[name] as Fields });
    }
  }
}

/** Returns what of it remains to be judged. */
function judgeIndirection(node: A_Indirection, scope: Scope | undefined, analysis: Analysis): Node[] {
  const { arg, indirection = [] } = node;
  const steps = [...indirection];
  const rest: Node[] = [];
  const ref = arg !== undefined && "ColumnRef" in arg ? strings(arg.ColumnRef.fields) : [];
  const [row] = ref;
  const first = steps[0];
  const sources =
    ref.length === 1 && row !== undefined && isWholeRow(row, scope) ? matchSource(scope, row) : [];
  if (sources.length > 0 && first !== undefined && "String" in first) {
    for (const source of sources) judgeQualified(source, first.String.sval ?? "", "expression", analysis);
    steps.shift();
  } else if (arg !== undefined) {
    rest.push(arg);
  }
  const known = arg !== undefined && "FuncCall" in arg ? outFields(arg.FuncCall) : undefined;
  for (const step of steps) {
    if ("String" in step) judgeFieldSelection(step.String.sval ?? "", known, analysis);
    else if (!("A_Star" in step)) rest.push(step);
  }
  return rest;
}

function isWholeRow(name: string, scope: Scope | undefined): boolean {
  return !matchColumn(scope, name).some((match) => match.certain);
}

function outFields(call: FuncCall): readonly string[] | undefined {
  return resultColumns.get(strings(call.funcname).at(-1) ?? "");
}
