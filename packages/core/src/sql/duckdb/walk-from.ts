import type { GateRelation } from "../policy.ts";
import type { Rejected } from "../verdict.ts";
import { type AstNode, type AstValue, foldName, isNode, listField, nodeField, textField } from "./ast.ts";
import { formRefused } from "./column-access.ts";
import { viewExpansion } from "./expand.ts";
import { judgeJoins } from "./judge-joins.ts";
import { systemListing, unknown } from "./refusals.ts";
import { resolveRelation } from "./resolve-relation.ts";
import { type FromItem, findCte, openScope, type Scope } from "./scope.ts";
import { expressions, references } from "./shapes.ts";
import { judgeCall } from "./walk-call.ts";
import type { Place, Walk } from "./walk-context.ts";
import { walkExpansion } from "./walk-expansion.ts";
import { byShape } from "./walk-fields.ts";

/** Gathers what FROM brings in before any expression over it is judged. */
export function collectFrom(walk: Walk, from: AstValue, place: Place, scope: Scope): Rejected | undefined {
  const open: AstValue[] = [from];
  const joins: AstNode[] = [];
  while (open.length > 0) {
    const ref = open.pop();
    if (ref === undefined || ref === null) continue;
    if (!isNode(ref)) return unknown("table reference");
    const type = textField(ref, "type");
    if (type === "JOIN") {
      const { left, right, ...rest } = ref;
      open.push(left, right);
      const refused = byShape(walk, rest, references[type], place);
      if (refused !== undefined) return refused;
      joins.push(ref);
      continue;
    }
    const refused = item(walk, ref, type, place, scope);
    if (refused !== undefined) return refused;
  }
  return judgeJoins(joins, scope);
}

function item(walk: Walk, ref: AstNode, type: string, place: Place, scope: Scope): Rejected | undefined {
  if (type === "BASE_TABLE") return table(walk, ref, place, scope);
  const alias = foldName(textField(ref, "alias"));
  if (alias !== "") scope.items.push({ alias });
  if (type !== "PIVOT") return reference(walk, ref, place);
  // A pivot spreads all columns of its source: those are items of a scope of their own.
  const inside = openScope(place.scope);
  const { source, ...rest } = ref;
  const refused = collectFrom(walk, source, { ...place, scope: inside }, inside);
  if (refused !== undefined) return refused;
  const ruled = inside.items.find((each) => each.rules !== undefined);
  if (ruled !== undefined) return formRefused("PIVOT and UNPIVOT of the whole table", ruled);
  return byShape(walk, rest, references[type], { ...place, scope: inside });
}

function reference(walk: Walk, ref: AstNode, place: Place): Rejected | undefined {
  const type = textField(ref, "type");
  switch (type) {
    case "TABLE_FUNCTION":
      return tableFunction(walk, ref, place);
    case "SHOW_REF":
      return ref.query === undefined ? systemListing() : byShape(walk, ref, references[type], place);
    default:
      return byShape(walk, ref, references[type], place);
  }
}

function table(walk: Walk, ref: AstNode, place: Place, scope: Scope): Rejected | undefined {
  const refused = byShape(walk, ref, references.BASE_TABLE, place);
  if (refused !== undefined) return refused;
  const written = {
    catalog: textField(ref, "catalog_name"),
    schema: textField(ref, "schema_name"),
    name: textField(ref, "table_name"),
  };
  const alias = foldName(textField(ref, "alias") || written.name);
  if (written.catalog === "" && isCte(walk, written.schema, written.name, place)) {
    scope.items.push({ alias });
    return undefined;
  }
  const relations = resolveRelation(written, walk.catalog, walk.policy, place.home);
  if ("ok" in relations) return relations;
  for (const relation of relations) {
    const refused = use(walk, relation, ref, alias, place, scope);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function use(
  walk: Walk,
  relation: GateRelation,
  ref: AstNode,
  alias: string,
  place: Place,
  scope: Scope,
): Rejected | undefined {
  const key = JSON.stringify([relation.schema, relation.name]);
  const seen = walk.facts.tables.has(key);
  walk.facts.tables.set(key, relation);
  const rules = walk.policy.columns(relation.schema, relation.name);
  const item: FromItem = rules === undefined ? { alias, relation } : { alias, relation, rules };
  if (rules !== undefined && listField(ref, "column_name_alias").length > 0) {
    return formRefused("Renaming the columns of the table in FROM", item);
  }
  scope.items.push(item);
  if (seen || relation.kind !== "view" || walk.policy.trustedView(relation.schema, relation.name))
    return undefined;
  return walkExpansion(walk, viewExpansion(relation, walk.catalog), place);
}

function isCte(walk: Walk, schema: string, name: string, place: Place): boolean {
  if (schema === "") return findCte(place.ctes, foldName(name)) !== undefined;
  if (foldName(schema) !== "recurring" || walk.catalog.hasSchema("recurring")) return false;
  return findCte(place.ctes, foldName(name))?.recursive === true;
}

function tableFunction(walk: Walk, ref: AstNode, place: Place): Rejected | undefined {
  const call = nodeField(ref, "function");
  if (call === undefined || textField(call, "type") !== "FUNCTION") return unknown("table function");
  const { function: _, ...rest } = ref;
  const refused =
    judgeCall(walk, call, "table", place) ?? byShape(walk, rest, references.TABLE_FUNCTION, place);
  if (refused !== undefined) return refused;
  return byShape(walk, call, expressions.FUNCTION?.fields, place);
}
