import type { Rejected } from "../verdict.ts";
import { type AstNode, type AstValue, isNode, textField } from "./ast.ts";
import { noArguments } from "./call-arguments.ts";
import { implicitFunctions } from "./engine-names.ts";
import { judgeType } from "./judge-type.ts";
import { explain, isPlain, isSample, tooLarge, unknown } from "./refusals.ts";
import { type FieldKind, modifiers, parts } from "./shapes.ts";
import type { Facts, Place, Walk, WalkInput } from "./walk-context.ts";
import { walkMacros } from "./walk-expansion.ts";
import { walkExpression } from "./walk-expression.ts";
import { byShape, each, eachPart, pivots } from "./walk-fields.ts";
import { walkQuery } from "./walk-query.ts";

/** Nodes of one statement with everything it expands to. */
const maxNodes = 400_000;

interface Step {
  readonly kind: FieldKind;
  readonly value: AstValue;
  readonly place: Place;
}

/** Walks a whole statement without recursion; the first thing that is not allowed ends it. */
export function walkStatement(root: AstNode, input: WalkInput): Rejected | Facts {
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
  const walk: Walk = {
    ...input,
    facts,
    push(kind, value, at) {
      if (value !== undefined && value !== null) steps.push({ kind, value, place: at });
    },
  };
  // The engine calls these by itself, and prefers a macro of that name to its own.
  for (const name of implicitFunctions) {
    const refused = walkMacros(walk, name, { ...place, outermost: false }, noArguments);
    if (refused !== undefined) return refused;
  }
  let nodes = 0;
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    if (++nodes > maxNodes) return tooLarge();
    const refused = look(walk, step);
    if (refused !== undefined) return explain(refused, step.place.via);
  }
  return facts;
}

function look(walk: Walk, { kind, value, place }: Step): Rejected | undefined {
  switch (kind) {
    case "ignored":
    case "renames":
    case "qualified":
      return undefined;
    case "plain":
      return isPlain(value) ? undefined : unknown("value");
    case "value":
      return isNode(value) ? judgeType(value.type, walk.catalog) : unknown("constant");
    case "type":
      return judgeType(value, walk.catalog);
    case "sample":
      return isNode(value) && isSample(value) ? undefined : unknown("sample");
    case "expr":
      return isNode(value) ? walkExpression(walk, value, place) : unknown("expression");
    case "query":
      return isNode(value) ? walkQuery(walk, value, place) : unknown("query");
    case "ref":
      // Only collectFrom reads references: it knows whose columns they bring in.
      return unknown("table reference");
    case "modifier":
      return isNode(value)
        ? byShape(walk, value, modifiers[textField(value, "type")], place)
        : unknown("modifier");
    case "statement":
      return isNode(value) ? byShape(walk, value, parts.statement, place) : unknown("statement");
    case "exprs":
      return each(walk, value, "expr", place);
    case "rows":
      return each(walk, value, "exprs", place);
    case "values":
      return each(walk, value, "value", place);
    case "modifiers":
      return each(walk, value, "modifier", place);
    case "orders":
      return eachPart(walk, value, parts.order, place);
    case "cases":
      return eachPart(walk, value, parts.case, place);
    case "replacements":
      return eachPart(walk, value, parts.replacement, place);
    case "pivots":
      return pivots(walk, value, place);
    case "ctes":
      return unknown("WITH");
  }
}
