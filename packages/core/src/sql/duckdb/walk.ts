import type { CompiledPolicy } from "../compiled-policy.ts";
import { clipName } from "../names.ts";
import type { GateRelation } from "../policy.ts";
import { reject } from "../reject.ts";
import type { Rejected } from "../verdict.ts";
import {
  type AstNode,
  type AstValue,
  foldName,
  isNode,
  listField,
  namesField,
  nodeField,
  textField,
} from "./ast.ts";
import type { DuckdbCatalog } from "./catalog.ts";
import { columnRefused, coveredColumns, formRefused, judgeColumn, starItems } from "./column-access.ts";
import { implicitFunctions } from "./engine-names.ts";
import { type Expansion, expandMacros, viewExpansion } from "./expand.ts";
import { isEngineFunction, judgeFunction } from "./judge-function.ts";
import { judgeJoins } from "./judge-joins.ts";
import { judgeCollation, judgeType } from "./judge-type.ts";
import { maskOutputs } from "./mask-outputs.ts";
import {
  explain,
  isPlain,
  isSample,
  opaque,
  systemListing,
  tooLarge,
  unknown,
  wholeRow,
} from "./refusals.ts";
import { resolveRelation } from "./resolve-relation.ts";
import { type CteLevel, type FromItem, findCte, openScope, type Scope } from "./scope.ts";
import { expressions, type FieldKind, modifiers, parts, queries, references, type Shape } from "./shapes.ts";

/** Nodes of one statement with everything it expands to. */
const maxNodes = 400_000;
/** Views and macros inside one another. */
const maxExpansions = 32;

export interface WalkInput {
  readonly policy: CompiledPolicy;
  readonly catalog: DuckdbCatalog;
  /** The syntax tree of a view's or macro's text; undefined when it is not parsed yet. */
  parsed(text: string): AstNode | "unreadable" | undefined;
}

export interface Facts {
  readonly tables: Map<string, GateRelation>;
  readonly columns: Set<string>;
  readonly functions: Set<string>;
  /** Folded output names that show a masked column. */
  readonly masked: Set<string>;
  parameters: number;
  /** Texts the walk needs parsed before it can end. */
  readonly missing: Set<string>;
}

interface Place {
  readonly scope: Scope | undefined;
  readonly ctes: CteLevel | undefined;
  /** Views and macros around this node, outermost first. */
  readonly via: readonly string[];
  /** The outermost SELECT of the caller's own text. */
  readonly outermost?: boolean;
  /** A direct item of its select list. */
  readonly output?: boolean;
}

interface Step {
  readonly kind: FieldKind;
  readonly value: AstValue;
  readonly place: Place;
}

/** Walks a whole statement without recursion; the first thing that is not allowed ends it. */
export function walk(root: AstNode, input: WalkInput): Rejected | Facts {
  const facts: Facts = {
    tables: new Map(),
    columns: new Set(),
    functions: new Set(),
    masked: new Set(),
    parameters: 0,
    missing: new Set(),
  };
  const place: Place = { scope: undefined, ctes: undefined, via: [], outermost: true };
  const steps: Step[] = [{ kind: "statement", value: root, place }];
  const walker = createWalker(input, facts, steps);
  // The engine calls these by itself, and prefers a macro of that name to its own.
  for (const name of implicitFunctions) {
    const refused = walker.macros(name, { ...place, outermost: false });
    if (refused !== undefined) return refused;
  }
  let nodes = 0;
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    if (++nodes > maxNodes) return tooLarge();
    const refused = walker.step(step);
    if (refused !== undefined) return explain(refused, step.place.via);
  }
  return facts;
}

function createWalker(input: WalkInput, facts: Facts, steps: Step[]) {
  const { policy, catalog } = input;
  const push = (kind: FieldKind, value: AstValue, place: Place) => {
    if (value !== undefined && value !== null) steps.push({ kind, value, place });
  };

  function step({ kind, value, place }: Step): Rejected | undefined {
    switch (kind) {
      case "ignored":
      case "renames":
      case "qualified":
        return undefined;
      case "plain":
        return isPlain(value) ? undefined : unknown("value");
      case "value":
        return isNode(value) ? judgeType(value.type, catalog) : unknown("constant");
      case "type":
        return judgeType(value, catalog);
      case "sample":
        return isNode(value) && isSample(value) ? undefined : unknown("sample");
      case "expr":
        return isNode(value) ? expression(value, place) : unknown("expression");
      case "query":
        return isNode(value) ? query(value, place) : unknown("query");
      case "ref":
        return isNode(value) ? reference(value, place) : unknown("table reference");
      case "modifier":
        return isNode(value)
          ? byShape(value, modifiers[textField(value, "type")], place)
          : unknown("modifier");
      case "statement":
        return isNode(value) ? byShape(value, parts.statement, place) : unknown("statement");
      case "exprs":
        return each(value, "expr", place);
      case "rows":
        return each(value, "exprs", place);
      case "values":
        return each(value, "value", place);
      case "modifiers":
        return each(value, "modifier", place);
      case "orders":
        return eachPart(value, parts.order, place);
      case "cases":
        return eachPart(value, parts.case, place);
      case "replacements":
        return eachPart(value, parts.replacement, place);
      case "pivots":
        return pivots(value, place);
      case "ctes":
        return unknown("WITH");
    }
  }

  function each(value: AstValue, kind: FieldKind, place: Place): Rejected | undefined {
    if (!Array.isArray(value)) return unknown("list");
    for (const item of value) push(kind, item, place);
    return undefined;
  }

  function eachPart(value: AstValue, shape: Shape, place: Place): Rejected | undefined {
    if (!Array.isArray(value)) return unknown("list");
    for (const item of value) {
      const refused = isNode(item) ? byShape(item, shape, place) : unknown("part");
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  function pivots(value: AstValue, place: Place): Rejected | undefined {
    if (!Array.isArray(value)) return unknown("pivot");
    for (const item of value) {
      if (!isNode(item)) return unknown("pivot");
      const refused = byShape(item, "entries" in item ? parts.pivot : parts.pivotEntry, place);
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  /** Every field must be known; each is walked as its kind says. */
  function byShape(node: AstNode, shape: Shape | undefined, place: Place): Rejected | undefined {
    if (shape === undefined) return unknown(textField(node, "type") || "node");
    for (const field in node) {
      const kind = shape[field];
      if (kind === undefined) return unknown(field);
      const value = node[field];
      if (kind === "plain") {
        if (!isPlain(value)) return unknown(field);
      } else push(kind, value, place);
    }
    return undefined;
  }

  function query(node: AstNode, place: Place): Rejected | undefined {
    const type = textField(node, "type");
    const shape = queries[type];
    if (shape === undefined) return unknown(type);
    const inner = ctes(node, place);
    if ("ok" in inner) return inner;
    if (type === "SELECT_NODE") return select(node, shape, inner);
    const { cte_map: _, modifiers: last, left, right, ...rest } = node;
    const below: Place = { ...inner, outermost: false };
    push("modifiers", last, below);
    push("query", left, below);
    push("query", right, type === "RECURSIVE_CTE_NODE" ? insideRecursion(node, below) : below);
    return byShape(rest, shape, below);
  }

  /** CTE i sees the ones before it; the body sees all. */
  function ctes(node: AstNode, place: Place): Place | Rejected {
    const map = nodeField(node, "cte_map");
    const entries = map === undefined ? [] : listField(map, "map");
    if (entries.length === 0) return place;
    const names = new Map<string, number>();
    for (const [index, entry] of entries.entries()) {
      if (!isNode(entry)) return unknown("WITH");
      const level: CteLevel = { names, visible: index, parent: place.ctes };
      names.set(foldName(textField(entry, "key")), index);
      const cte = nodeField(entry, "value");
      if (cte === undefined) return unknown("WITH");
      const refused = byShape(cte, parts.cte, { ...place, ctes: level, outermost: false, output: false });
      if (refused !== undefined) return refused;
    }
    return { ...place, ctes: { names, visible: entries.length, parent: place.ctes } };
  }

  function insideRecursion(node: AstNode, place: Place): Place {
    const names = new Map([[foldName(textField(node, "cte_name")), 0]]);
    return { ...place, ctes: { names, visible: 1, parent: place.ctes, recursive: true } };
  }

  function select(node: AstNode, shape: Shape, outer: Place): Rejected | undefined {
    const scope = openScope(outer.scope);
    const place: Place = { ...outer, scope, outermost: false, output: false };
    const { cte_map: _, select_list: list, from_table: from, ...rest } = node;
    const refusedFrom = collect(from, place, scope);
    if (refusedFrom !== undefined) return refusedFrom;
    scope.ruled ||= scope.items.some((item) => item.rules !== undefined);
    const output = outer.outermost === true;
    if (output && scope.ruled) {
      const refused = maskOutputs(node, scope, facts.masked);
      if (refused !== undefined) return refused;
    }
    return each(list, "expr", output ? { ...place, output } : place) ?? byShape(rest, shape, place);
  }

  /** Gathers what FROM brings in before any expression over it is judged. */
  function collect(from: AstValue, place: Place, scope: Scope): Rejected | undefined {
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
        const refused = byShape(rest, references[type], place);
        if (refused !== undefined) return refused;
        joins.push(ref);
        continue;
      }
      const refused = item(ref, type, place, scope);
      if (refused !== undefined) return refused;
    }
    return judgeJoins(joins, scope);
  }

  function item(ref: AstNode, type: string, place: Place, scope: Scope): Rejected | undefined {
    if (type === "BASE_TABLE") return table(ref, place, scope);
    const alias = foldName(textField(ref, "alias"));
    if (alias !== "") scope.items.push({ alias });
    if (type !== "PIVOT") return reference(ref, place);
    // A pivot spreads all columns of its source: those are items of a scope of their own.
    const inside = openScope(place.scope);
    const { source, ...rest } = ref;
    const refused = collect(source, { ...place, scope: inside }, inside);
    if (refused !== undefined) return refused;
    const ruled = inside.items.find((each) => each.rules !== undefined);
    if (ruled !== undefined) return formRefused("PIVOT and UNPIVOT of the whole table", ruled);
    inside.ruled ||= scope.ruled;
    return byShape(rest, references[type], { ...place, scope: inside });
  }

  function reference(ref: AstNode, place: Place): Rejected | undefined {
    const type = textField(ref, "type");
    switch (type) {
      case "TABLE_FUNCTION":
        return tableFunction(ref, place);
      case "SHOW_REF":
        return ref.query === undefined ? systemListing() : byShape(ref, references[type], place);
      default:
        return byShape(ref, references[type], place);
    }
  }

  function table(ref: AstNode, place: Place, scope: Scope): Rejected | undefined {
    const refused = byShape(ref, references.BASE_TABLE, place);
    if (refused !== undefined) return refused;
    const written = {
      catalog: textField(ref, "catalog_name"),
      schema: textField(ref, "schema_name"),
      name: textField(ref, "table_name"),
    };
    const alias = foldName(textField(ref, "alias") || written.name);
    if (written.catalog === "" && isCte(written.schema, written.name, place)) {
      scope.items.push({ alias });
      return undefined;
    }
    const relation = resolveRelation(written, catalog, policy);
    if ("ok" in relation) return relation;
    const key = JSON.stringify([relation.schema, relation.name]);
    const seen = facts.tables.has(key);
    facts.tables.set(key, relation);
    const rules = policy.columns(relation.schema, relation.name);
    const item: FromItem = rules === undefined ? { alias, relation } : { alias, relation, rules };
    if (rules !== undefined && listField(ref, "column_name_alias").length > 0) {
      return formRefused("Renaming the columns of the table in FROM", item);
    }
    scope.items.push(item);
    if (seen || relation.kind !== "view" || policy.trustedView(relation.schema, relation.name))
      return undefined;
    return expand(viewExpansion(relation, catalog), place);
  }

  function isCte(schema: string, name: string, place: Place): boolean {
    if (schema === "") return findCte(place.ctes, foldName(name)) !== undefined;
    if (foldName(schema) !== "recurring" || catalog.hasSchema("recurring")) return false;
    return findCte(place.ctes, foldName(name))?.recursive === true;
  }

  function tableFunction(ref: AstNode, place: Place): Rejected | undefined {
    const call = nodeField(ref, "function");
    if (call === undefined || textField(call, "type") !== "FUNCTION") return unknown("table function");
    const { function: _, ...rest } = ref;
    const refused = called(call, "table", place) ?? byShape(rest, references.TABLE_FUNCTION, place);
    if (refused !== undefined) return refused;
    return byShape(call, expressions.FUNCTION?.fields, place);
  }

  function expression(node: AstNode, place: Place): Rejected | undefined {
    const kind = expressions[textField(node, "class")];
    const type = textField(node, "type");
    if (kind === undefined || !kind.types.includes(type)) return unknown(type || "expression");
    const inner: Place = place.output === true ? { ...place, output: false } : place;
    // Only a column or a star by itself is a direct output.
    const direct = node.class === "COLUMN_REF" || node.class === "STAR";
    const refused = meaning(node, type, direct ? place : inner);
    return refused ?? byShape(node, kind.fields, inner);
  }

  /** What a node does besides holding others. */
  function meaning(node: AstNode, type: string, place: Place): Rejected | undefined {
    switch (node.class) {
      case "FUNCTION":
      case "WINDOW":
        return called(node, "scalar", place);
      case "COLUMN_REF":
        return column(namesField(node, "column_names"), place);
      case "STAR":
        return star(node, place);
      case "POSITIONAL_REFERENCE": {
        const ruled = place.scope?.items.find((each) => each.rules !== undefined);
        return ruled === undefined ? undefined : formRefused("A column by position", ruled);
      }
      case "PARAMETER":
        return parameter(textField(node, "identifier"));
      case "COLLATE":
        return judgeCollation(textField(node, "collation"));
      default:
        return type === "" ? unknown("expression") : undefined;
    }
  }

  function called(node: AstNode, where: "scalar" | "table", place: Place): Rejected | undefined {
    const name = foldName(textField(node, "function_name"));
    const schema = textField(node, "schema");
    facts.functions.add(name);
    const refused = macros(name, place);
    if (refused !== undefined) return refused;
    const isMacro = catalog.macros(name).length > 0;
    const judged = judgeFunction(name, where, policy);
    if (judged !== undefined && !(isMacro && !isEngineFunction(name))) return judged;
    // x.upper() arrives as schema "x": the qualifier may be a column.
    if (schema === "") return undefined;
    const qualifier = [textField(node, "catalog"), schema].filter((part) => part !== "");
    return ownSchema(qualifier) ? undefined : column(qualifier, place);
  }

  function ownSchema(qualifier: readonly string[]): boolean {
    return qualifier.length === 1 && ["main", "pg_catalog"].includes(foldName(qualifier[0] ?? ""));
  }

  function macros(name: string, place: Place): Rejected | undefined {
    for (const expansion of expandMacros(name, catalog)) {
      const refused = expand(expansion, place);
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  /** Another text takes the node's place: a view's SELECT, or a macro's body. */
  function expand(expansion: Expansion | Rejected, place: Place): Rejected | undefined {
    if ("ok" in expansion) return expansion;
    const { label, text, sees } = expansion;
    if (place.via.length >= maxExpansions) return tooLarge();
    const tree = input.parsed(text);
    if (tree === undefined) {
      facts.missing.add(text);
      return undefined;
    }
    if (tree === "unreadable") return opaque(label);
    // A view's names are its own; a scalar macro's columns are the caller's.
    const scope = sees === "caller" ? place.scope : undefined;
    push("query", tree.node, { scope, ctes: undefined, via: [...place.via, label] });
    return undefined;
  }

  function column(names: readonly string[], place: Place): Rejected | undefined {
    const [first = ""] = names;
    if (names.length === 1) {
      const value = valueFunctions.get(foldName(first));
      const refused =
        value === undefined ? undefined : (macros(value, place) ?? macros(foldName(first), place));
      if (refused !== undefined) return refused;
    }
    facts.columns.add(columnName(names, place.scope));
    const hit = judgeColumn(names, place.scope);
    if (hit === undefined) return undefined;
    if (hit === "row") return wholeRow(names);
    if (hit.judgement === "mask" && place.output === true) return undefined;
    return columnRefused(names, hit.judgement, hit.item);
  }

  function star(node: AstNode, place: Place): Rejected | undefined {
    if (place.scope === undefined) return undefined;
    for (const item of starItems(node, place.scope)) {
      if (item.rules === undefined) continue;
      if (node.expr !== undefined) return formRefused("COLUMNS(…) with a pattern or a lambda", item);
      const covered = coveredColumns(node, item);
      const denied = covered.find(({ judgement }) => judgement === "deny");
      if (denied !== undefined) return formRefused(`* without EXCLUDE (${clipName(denied.name)})`, item);
      const masked = covered[0];
      if (masked === undefined) continue;
      const direct = place.output === true && node.columns !== true && textField(node, "alias") === "";
      if (!direct || listField(node, "rename_list").length > 0) {
        return formRefused(`* without EXCLUDE (${clipName(masked.name)}) here`, item);
      }
    }
    return undefined;
  }

  function parameter(identifier: string): Rejected | undefined {
    if (!/^[1-9]\d{0,4}$/.test(identifier)) {
      return reject(
        "parse_error",
        `The parameter $${clipName(identifier)} is named; parameters go by position.`,
        "Write $1, $2, … and pass params as a list in that order.",
      );
    }
    facts.parameters = Math.max(facts.parameters, Number(identifier));
    return undefined;
  }

  return { step, macros };
}

/** Names the engine turns into a call when no column has them. */
const valueFunctions: ReadonlyMap<string, string> = new Map([
  ["current_catalog", "current_catalog"],
  ["current_date", "current_date"],
  ["current_schema", "current_schema"],
  ["current_role", "current_role"],
  ["current_time", "get_current_time"],
  ["current_timestamp", "get_current_timestamp"],
  ["current_user", "current_user"],
  ["localtime", "current_localtime"],
  ["localtimestamp", "current_localtimestamp"],
  ["session_user", "session_user"],
  ["user", "user"],
]);

function columnName(names: readonly string[], scope: Scope | undefined): string {
  const [first = "", second] = names.map(foldName);
  for (let at = scope; at !== undefined; at = at.parent) {
    for (const { alias, relation } of at.items) {
      if (relation === undefined) continue;
      const wanted = second === undefined ? first : alias === first ? second : undefined;
      const stored = relation.columns.find((column) => foldName(column) === wanted);
      if (stored !== undefined) return `${relation.schema}.${relation.name}.${stored}`;
    }
  }
  return names.at(-1) ?? "";
}
