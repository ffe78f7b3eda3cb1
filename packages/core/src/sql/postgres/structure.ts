import type {
  A_Expr,
  CollateClause,
  FuncCall,
  JsonFuncExpr,
  Node,
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
import { type Fields, strings, unwrap } from "./nodes.ts";
import { refuse } from "./refusal.ts";
import { shapes } from "./shapes.ts";
import { constructName, statementHint, statementName } from "./statements.ts";
import { judgeType } from "./type-names.ts";

export interface Structure {
  readonly functions: ReadonlySet<string>;
  /** Highest $n. */
  readonly parameters: number;
}

/** Queries inside queries; the analysis of names recurses once per level. */
const maxQueryDepth = 64;
/** SELECTs of one statement, arms of UNION and the like included. */
const maxQueries = 1_000;
/** PostgreSQL's own bound on a result's columns. */
export const maxOutputs = 1_664;
/** Items of all FROM clauses together. */
const maxRelations = 300;

interface Context {
  readonly policy: CompiledPolicy;
  readonly catalog: GateCatalog | undefined;
  readonly params: number;
  readonly functions: Set<string>;
  parameters: number;
  relations: number;
  queries: number;
}

/** Holds every node and field of the statement against what may be there; what needs no knowledge of scopes. */
export function checkStructure(
  statement: Node,
  policy: CompiledPolicy,
  catalog: GateCatalog | undefined,
  params: number,
): Structure {
  const root = unwrap(statement);
  if (root === undefined || root.kind !== "SelectStmt") {
    const kind = root?.kind ?? "";
    refuse("forbidden_statement", `${statementName(kind)} is not permitted.`, statementHint(kind), {
      found: statementName(kind),
    });
  }
  const context: Context = {
    policy,
    catalog,
    params,
    functions: new Set(),
    parameters: 0,
    relations: 0,
    queries: 0,
  };
  const kinds: string[] = [root.kind];
  const nodes: Fields[] = [root.fields];
  const depths: number[] = [1];
  for (let kind = kinds.pop(); kind !== undefined; kind = kinds.pop()) {
    const fields = nodes.pop() as Fields;
    const depth = depths.pop() as number;
    const shape = shapes.get(kind);
    if (shape === undefined) return refuseKind(kind);
    checkNode(kind, fields, context);
    if (depth > maxQueryDepth) {
      refuse(
        "too_large",
        `Queries are nested more than ${maxQueryDepth} levels deep.`,
        "Name the inner queries in a WITH clause.",
      );
    }
    for (const name in fields) {
      const field = shape.get(name);
      if (field === "value") continue;
      if (field === undefined) return refuseField(name);
      const child = fields[name];
      if (field !== "node") {
        kinds.push(field.inline);
        nodes.push(child as Fields);
        depths.push(depth);
        continue;
      }
      for (const item of Array.isArray(child) ? child : [child]) {
        const found = unwrap(item);
        if (found === undefined) continue;
        kinds.push(found.kind);
        nodes.push(found.fields);
        depths.push(found.kind === "SelectStmt" ? depth + 1 : depth);
      }
    }
  }
  return { functions: context.functions, parameters: context.parameters };
}

function checkNode(kind: string, fields: Fields, context: Context): void {
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
    case "JoinExpr":
      judgeOperator(["="], policy, catalog);
      return;
    case "SubLink":
      judgeNamedOperator((fields as SubLink).operName, context);
      return;
    case "SortBy":
      if ((fields as SortBy).useOp !== undefined) judgeNamedOperator((fields as SortBy).useOp, context);
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
function judgeNamedOperator(name: readonly Node[] | undefined, context: Context): void {
  const parts = strings(name);
  judgeOperator(parts.length === 0 ? ["="] : parts, context.policy, context.catalog);
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

function judgeParameter(number: number, context: Context): void {
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

function refuseKind(kind: string): never {
  const name = constructName(kind);
  if (kind.endsWith("Stmt")) {
    return refuse(
      "forbidden_statement",
      `${name} is not permitted, inside a query neither.`,
      statementHint(kind),
      { found: name },
    );
  }
  return refuse("forbidden_statement", `${name} is not permitted in a query.`, hints[kind], { found: name });
}

const hints: Readonly<Record<string, string>> = {
  JsonTable: "Use jsonb_to_recordset, jsonb_array_elements or jsonb_path_query.",
  RangeTableFunc: "Use xpath on the column instead.",
};

function refuseField(field: string): never {
  if (field === "intoClause") {
    return refuse(
      "forbidden_statement",
      "SELECT … INTO creates a table and is not permitted.",
      "Leave INTO out; the rows are returned.",
    );
  }
  if (field === "lockingClause") {
    return refuse(
      "forbidden_statement",
      "FOR UPDATE and FOR SHARE lock rows and are not permitted.",
      "Leave the locking clause out.",
    );
  }
  return refuse(
    "forbidden_statement",
    `The statement uses a form that is not permitted (${clipName(field)}).`,
  );
}

export function refuseOutputs(): never {
  return refuse(
    "too_large",
    `A query has more than ${maxOutputs} output columns.`,
    "Name the columns you need.",
  );
}
