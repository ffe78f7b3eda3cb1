import type {
  A_Expr,
  CaseExpr,
  CollateClause,
  FuncCall,
  JoinExpr,
  JsonFuncExpr,
  ParamRef,
  RangeTableSample,
  SelectStmt,
  SortBy,
  SQLValueFunction,
  SubLink,
  TypeName,
} from "libpg-query";
import type { CompiledPolicy } from "../compiled-policy.ts";
import { clipName } from "../names.ts";
import type { GateCatalog } from "../policy.ts";
import { judgeFunction, judgeOperator } from "./function-names.ts";
import { type Fields, strings } from "./nodes.ts";
import { refuse } from "./refusal.ts";
import { judgeType } from "./type-names.ts";

/** SELECTs of one statement, arms of UNION and the like included. */
const maxQueries = 1_000;
/** PostgreSQL's own bound on a result's columns. */
export const maxOutputs = 1_664;
/** Items of all FROM clauses together. */
const maxRelations = 300;

/** What one walk counts and collects. */
export interface StructureContext {
  readonly policy: CompiledPolicy;
  readonly catalog: GateCatalog | undefined;
  readonly params: number;
  readonly functions: Set<string>;
  parameters: number;
  relations: number;
  queries: number;
}

/** What must hold of one node by itself. */
export function checkNode(kind: string, fields: Fields, context: StructureContext): void {
  const { policy, catalog } = context;
  switch (kind) {
    case "FuncCall":
      context.functions.add(judgeFunction(strings((fields as FuncCall).funcname), policy, catalog));
      return;
    case "A_Expr":
      for (const name of operatorNames(fields as A_Expr)) judgeOperator(name, policy, catalog);
      return;
    // These compare with a bare "=" that the tree does not show.
    case "CaseExpr":
      if ((fields as CaseExpr).arg !== undefined) judgeOperator(["="], policy, catalog);
      return;
    case "JoinExpr":
      if (comparesColumns(fields as JoinExpr)) judgeOperator(["="], policy, catalog);
      return;
    case "SubLink":
      for (const name of sublinkOperators(fields as SubLink)) judgeOperator(name, policy, catalog);
      return;
    case "SortBy":
      if ((fields as SortBy).useOp !== undefined) {
        judgeOperator(strings((fields as SortBy).useOp), policy, catalog);
      }
      return;
    case "TypeName":
      judgeType(fields as TypeName, policy, catalog);
      return;
    case "CollateClause":
      judgeCollation(strings((fields as CollateClause).collname), policy);
      return;
    case "SelectStmt":
      context.queries += 1;
      if (context.queries > maxQueries) {
        refuse(
          "too_large",
          `The statement holds more than ${maxQueries} queries.`,
          "Split it into several statements.",
        );
      }
      if (((fields as SelectStmt).targetList?.length ?? 0) > maxOutputs) refuseOutputs();
      return;
    case "SQLValueFunction":
      judgeValueFunction((fields as SQLValueFunction).op ?? "", policy);
      return;
    case "RangeTableSample":
      judgeSampling(strings((fields as RangeTableSample).method));
      return;
    case "ParamRef":
      judgeParameter((fields as ParamRef).number ?? 0, context);
      return;
    case "JsonObjectConstructor":
    case "JsonArrayConstructor":
    case "JsonArrayQueryConstructor":
    case "JsonObjectAgg":
    case "JsonArrayAgg":
    case "JsonParseExpr":
    case "JsonScalarExpr":
    case "JsonSerializeExpr":
    case "JsonFuncExpr":
      judgeFunction([jsonName(kind, fields as JsonFuncExpr)], policy, catalog);
      return;
    case "RangeVar":
    case "RangeSubselect":
    case "RangeFunction":
      context.relations += 1;
      if (context.relations > maxRelations) {
        refuse(
          "too_large",
          `The statement names more than ${maxRelations} relations.`,
          "Split it into several statements.",
        );
      }
  }
}

/** BETWEEN is named as such in the tree and stands for bare comparisons. */
function operatorNames(expression: A_Expr): readonly (readonly string[])[] {
  if (!expression.kind?.includes("BETWEEN")) return [strings(expression.name)];
  return expression.kind.includes("NOT") ? [["<"], [">"]] : [[">="], ["<="]];
}

/** Releases before 16 know no such syntax: they would call a function of that name. */
function jsonName(kind: string, fields: JsonFuncExpr): string {
  if (kind === "JsonFuncExpr") return (fields.op ?? "").replace(/_OP$/, "").toLowerCase();
  return jsonConstructors[kind] ?? kind;
}

const jsonConstructors: Readonly<Record<string, string>> = {
  JsonObjectConstructor: "json_object",
  JsonArrayConstructor: "json_array",
  JsonArrayQueryConstructor: "json_array",
  JsonObjectAgg: "json_objectagg",
  JsonArrayAgg: "json_arrayagg",
  JsonParseExpr: "json",
  JsonScalarExpr: "json_scalar",
  JsonSerializeExpr: "json_serialize",
};

/** IN with a query names no operator: it is a bare "=". */
function sublinkOperators(link: SubLink): readonly (readonly string[])[] {
  if (link.operName !== undefined) return [strings(link.operName)];
  return link.subLinkType === "ANY_SUBLINK" ? [["="]] : [];
}

function comparesColumns(join: JoinExpr): boolean {
  return join.isNatural === true || join.usingClause !== undefined;
}

function judgeCollation(parts: readonly string[], policy: CompiledPolicy): void {
  const [schema] = parts;
  if (
    parts.length === 1 ||
    (parts.length === 2 && schema !== undefined && (schema === "pg_catalog" || policy.schema(schema)))
  )
    return;
  refuse(
    "schema_not_allowed",
    `The collation ${clipName(parts.join("."))} is in a schema that is not allowed.`,
  );
}

function judgeValueFunction(op: string, policy: CompiledPolicy): void {
  if (/^SVFOP_(CURRENT_(DATE|TIME|TIMESTAMP)|LOCALTIME|LOCALTIMESTAMP)(_N)?$/.test(op)) return;
  const name = op.replace(/^SVFOP_/, "").toLowerCase();
  if (policy.extraFunctions.has(name)) return;
  refuse(
    "dangerous_function",
    `${clipName(name)} is not permitted.`,
    "It describes the server's session, not data; list_sources tells what is allowed.",
    { function: clipName(name) },
  );
}

function judgeSampling(parts: readonly string[]): void {
  const name = parts.length === 2 && parts[0] === "pg_catalog" ? parts[1] : parts.join(".");
  if (name === "system" || name === "bernoulli") return;
  refuse(
    "dangerous_function",
    `The sampling method ${clipName(name ?? "")} is not permitted.`,
    "Use TABLESAMPLE SYSTEM or BERNOULLI.",
  );
}

function judgeParameter(number: number, context: StructureContext): void {
  if (number >= 1 && number <= context.params) {
    context.parameters = Math.max(context.parameters, number);
    return;
  }
  refuse(
    "forbidden_statement",
    `The statement uses $${number}, but ${context.params === 0 ? "no parameters were" : `only ${context.params} parameter(s) were`} given.`,
    "Pass one value in params for each $n, counted from $1.",
  );
}

export function refuseOutputs(): never {
  return refuse(
    "too_large",
    `A query has more than ${maxOutputs} output columns.`,
    "Name the columns you need.",
  );
}
