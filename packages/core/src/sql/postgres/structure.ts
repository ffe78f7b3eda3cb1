import type { Node } from "libpg-query";
import type { CompiledPolicy } from "../compiled-policy.ts";
import { clipName } from "../names.ts";
import type { GateCatalog } from "../policy.ts";
import { checkNode, type StructureContext } from "./node-rules.ts";
import { type Fields, unwrap } from "./nodes.ts";
import { refuse } from "./refusal.ts";
import { shapes } from "./shapes.ts";
import { constructName, statementHint, statementName } from "./statements.ts";

export interface Structure {
  readonly functions: ReadonlySet<string>;
  /** Highest $n. */
  readonly parameters: number;
}

/** Queries inside queries; the analysis of names recurses once per level. */
const maxQueryDepth = 64;
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
  const context: StructureContext = {
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
