import type { Node, RangeFunction } from "libpg-query";
import type { Analysis } from "./analysis.ts";
import { allowedFunctions, resultColumns } from "./builtins.generated.ts";
import { strings } from "./nodes.ts";
import { outputName } from "./output-names.ts";
import type { Source } from "./scope.ts";

/** The columns a function in FROM has, exactly: `f.x` calls x on its result where x is none of them. */
export function functionSource(range: RangeFunction, analysis: Analysis): Source {
  const calls = (range.functions ?? []).map((item) => ("List" in item ? (item.List.items ?? []) : []));
  const alias = range.alias?.aliasname;
  let columns: string[] | undefined = [];
  for (const [call, definition] of calls) {
    const own = definedColumns(
      calls.length === 1 ? (range.coldeflist ?? listItems(definition)) : listItems(definition),
    );
    const found = own ?? callColumns(call, calls.length === 1 ? alias : undefined, analysis);
    columns = columns === undefined || found === undefined ? undefined : [...columns, ...found];
  }
  if (columns !== undefined && range.ordinality) columns.push("ordinality");
  const renamed = strings(range.alias?.colnames);
  return {
    name: alias ?? outputName(calls[0]?.[0]),
    columns: columns === undefined ? undefined : [...renamed, ...columns.slice(renamed.length)],
    kind: "function",
  };
}

function callColumns(
  call: Node | undefined,
  alias: string | undefined,
  analysis: Analysis,
): string[] | undefined {
  const base = alias ?? outputName(call);
  if (call === undefined) return [base];
  // A cast, COALESCE and the like return one column or, of a composite type, its fields.
  if (!("FuncCall" in call)) return undefined;
  const parts = strings(call.FuncCall.funcname);
  const name = parts.at(-1) ?? "";
  if (name === "unnest" && (call.FuncCall.args?.length ?? 0) > 1)
    return (call.FuncCall.args ?? []).map(() => "unnest");
  const builtin = allowedFunctions.has(name) && (parts.length === 1 || parts[0] === "pg_catalog");
  // What these return depends on their arguments; a catalog tells names of functions from names of fields.
  if (!builtin || /^jsonb?_populate_record/.test(name)) return undefined;
  if (name === "unnest")
    return analysis.catalog === undefined ? [base, ...(resultColumns.get(name) ?? [])] : undefined;
  const out = resultColumns.get(name);
  return out === undefined ? [base] : [...out];
}

function definedColumns(list: readonly Node[] | undefined): string[] | undefined {
  const names = (list ?? []).flatMap((node) => ("ColumnDef" in node ? [node.ColumnDef.colname ?? ""] : []));
  return names.length === 0 ? undefined : names;
}

function listItems(node: Node | undefined): readonly Node[] | undefined {
  return node !== undefined && "List" in node ? node.List.items : undefined;
}
