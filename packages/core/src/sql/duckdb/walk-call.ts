import type { Rejected } from "../verdict.ts";
import { type AstNode, foldName, textField } from "./ast.ts";
import { argumentsOf, noArguments } from "./call-arguments.ts";
import { isEngineFunction, judgeFunction } from "./judge-function.ts";
import { judgeColumnRef } from "./walk-columns.ts";
import type { Place, Walk } from "./walk-context.ts";
import { walkMacros } from "./walk-expansion.ts";

export function judgeCall(
  walk: Walk,
  node: AstNode,
  where: "scalar" | "table",
  place: Place,
): Rejected | undefined {
  const name = foldName(textField(node, "function_name"));
  const schema = textField(node, "schema");
  walk.facts.functions.add(name);
  const isMacro = walk.catalog.macros(name).length > 0;
  const refused = isMacro
    ? walkMacros(walk, name, place, argumentsOf(node, place.passed ?? noArguments))
    : undefined;
  if (refused !== undefined) return refused;
  const judged = judgeFunction(name, where, walk.policy);
  if (judged !== undefined && !(isMacro && !isEngineFunction(name))) return judged;
  // x.upper() arrives as schema "x": the qualifier may be a column.
  if (schema === "") return undefined;
  const qualifier = [textField(node, "catalog"), schema].filter((part) => part !== "");
  return ownSchema(qualifier) ? undefined : judgeColumnRef(walk, qualifier, place);
}

function ownSchema(qualifier: readonly string[]): boolean {
  return qualifier.length === 1 && ["main", "pg_catalog"].includes(foldName(qualifier[0] ?? ""));
}
