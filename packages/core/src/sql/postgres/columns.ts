import type { ColumnRef } from "libpg-query";
import { clipName, listNames } from "../names.ts";
import type { Analysis } from "./analysis.ts";
import { rowFunctions } from "./builtins.generated.ts";
import { couldCall, shadowing } from "./function-names.ts";
import { strings } from "./nodes.ts";
import { refuse } from "./refusal.ts";
import { isRuled, matchColumn, matchSource, type Scope, type Source } from "./scope.ts";

/** `direct`: the reference is itself an output of the outermost query, where a masked column may stand. */
export type Place = "direct" | "expression";

/** Judges one column reference; true when it shows a masked column. */
export function judgeColumn(
  ref: ColumnRef,
  scope: Scope | undefined,
  place: Place,
  analysis: Analysis,
): boolean {
  const fields = ref.fields ?? [];
  const last = fields.at(-1);
  if (fields.length > 3) {
    refuse(
      "schema_not_allowed",
      "A column name has more than three parts.",
      "Write column, table.column or schema.table.column.",
    );
  }
  const parts = strings(fields);
  const [first = "", second = "", third] = parts;
  if (last !== undefined && "A_Star" in last) {
    for (const source of starSources(parts.slice(0, -1), scope)) refuseWholeRow(source);
    return false;
  }
  if (parts.length === 1) return judgeBare(first, scope, place, analysis);
  const sources = third === undefined ? matchSource(scope, first) : matchSource(scope, second, first);
  const column = third ?? second;
  return sources.map((source) => judgeQualified(source, column, place, analysis)).includes(true);
}

/** The FROM items `*` or `t.*` stands for. */
export function starSources(qualifier: readonly string[], scope: Scope | undefined): readonly Source[] {
  const [first, second] = qualifier;
  if (first === undefined) return scope?.sources ?? [];
  return second === undefined ? matchSource(scope, first) : matchSource(scope, second, first);
}

function judgeBare(column: string, scope: Scope | undefined, place: Place, analysis: Analysis): boolean {
  const matches = matchColumn(scope, column);
  for (const { source } of matches) report(source, column, analysis);
  if (!matches.some((match) => match.certain)) {
    refuseSystemColumn(column);
    for (const source of matchSource(scope, column)) refuseWholeRow(source);
    if (matches.length === 0 && !nameOfSource(column, scope)) reportBare(column, scope, analysis);
  }
  return matches.map((match) => apply(match.source, column, match.judgement, place)).includes(true);
}

/** `source.column`; where there is no such column PostgreSQL calls a function of that name on the whole row. */
export function judgeQualified(source: Source, column: string, place: Place, analysis: Analysis): boolean {
  const { policy, catalog } = analysis;
  const judgement = source.rules?.(column);
  if (source.columns?.includes(column)) {
    if (source.kind === "function" && couldCall(column, policy, catalog)) refuseNotation(column);
    report(source, column, analysis);
    return apply(source, column, judgement, place);
  }
  if (judgement !== undefined) return apply(source, column, judgement, place);
  if (source.kind === "table" && column === "ctid") return false;
  refuseSystemColumn(column);
  if (source.kind === "table" && source.columns !== undefined) refuseUnknown(source, column);
  if (source.kind === "function" && (source.columns !== undefined || couldCall(column, policy, catalog))) {
    refuseNotation(column);
  }
  if (shadowing(column, catalog) !== undefined) refuseNotation(column);
  if (isRuled(source) && rowFunctions.has(column)) refuseNotation(column);
  report(source, column, analysis);
  return false;
}

function apply(
  source: Source,
  column: string,
  judgement: "deny" | "mask" | undefined,
  place: Place,
): boolean {
  if (judgement === undefined) return false;
  if (judgement === "mask" && place === "direct") return true;
  return refuseColumn(source, column, judgement);
}

export function refuseColumn(source: Source, column: string, judgement: "deny" | "mask"): never {
  const shown = clipName(`${tableName(source)}.${column}`);
  if (judgement === "mask") {
    return refuse(
      "column_not_allowed",
      `The column ${shown} is masked: it may only be selected as it is, by the outermost SELECT, and not be computed, compared, sorted or grouped.`,
      `Select it plainly or leave it out. ${freeColumns(source)}`,
      { column: shown },
    );
  }
  return refuse("column_not_allowed", `The column ${shown} is not allowed.`, freeColumns(source), {
    column: shown,
  });
}

/** For `*`, whole rows and other forms that would carry every column along. */
export function refuseWholeRow(source: Source): void {
  if (!isRuled(source)) return;
  refuse(
    "column_not_allowed",
    `${clipName(tableName(source))} has columns that are not allowed, so its whole rows (*, the table's name as a value, renamed columns, NATURAL JOIN) cannot be used.`,
    `Name the columns you need. ${freeColumns(source)}`,
    { table: clipName(tableName(source)) },
  );
}

function refuseUnknown(source: Source, column: string): never {
  return refuse(
    "column_not_allowed",
    `${clipName(tableName(source))} has no column ${clipName(column)}.`,
    freeColumns(source),
    { unknown_column: clipName(column) },
  );
}

function refuseNotation(name: string): never {
  return refuse(
    "dangerous_function",
    `The form (…).${clipName(name)} can call a function of that name, and ${clipName(name)} is not a known column there.`,
    "Write a column of the table, or call a permitted function as name(argument).",
    { function: clipName(name) },
  );
}

const systemColumns = new Set(["tableoid", "xmin", "xmax", "cmin", "cmax"]);

function refuseSystemColumn(column: string): void {
  if (!systemColumns.has(column)) return;
  refuse(
    "system_catalog_not_allowed",
    `The system column ${column} is not readable.`,
    "Of the system columns only ctid is.",
  );
}

/** `(value).name` on anything but a FROM item: only a field known to be one, never a function. */
export function judgeFieldSelection(
  name: string,
  known: readonly string[] | undefined,
  analysis: Analysis,
): void {
  if (known?.includes(name) || analysis.policy.extraFunctions.has(name)) return;
  if (analysis.catalog === undefined || couldCall(name, analysis.policy, analysis.catalog))
    refuseNotation(name);
}

function freeColumns(source: Source): string {
  if (source.columns === undefined) return "describe_table shows which columns may be read.";
  return `Permitted columns: ${listNames(
    source.columns.filter((column) => source.rules?.(column) === undefined),
    40,
  )}.`;
}

export function report(source: Source, column: string, analysis: Analysis): void {
  if (source.table !== undefined)
    analysis.columns.add(`${source.table.schema}.${source.table.name}.${column}`);
}

/** An unresolved name is reported bare when some item in sight could have it. */
function reportBare(column: string, scope: Scope | undefined, analysis: Analysis): void {
  for (let level = scope; level !== undefined; level = level.outer) {
    if (level.sources.some((source) => source.table !== undefined && source.columns === undefined)) {
      analysis.columns.add(column);
      return;
    }
  }
}

function nameOfSource(name: string, scope: Scope | undefined): boolean {
  return matchSource(scope, name).length > 0;
}

function tableName(source: Source): string {
  return source.table === undefined
    ? (source.name ?? "this item")
    : `${source.table.schema}.${source.table.name}`;
}
