import { clipName } from "../names.ts";
import { reject } from "../reject.ts";
import type { Rejected } from "../verdict.ts";
import { type AstNode, namesField, textField } from "./ast.ts";
import { formRefused } from "./column-access.ts";
import { judgeCollation } from "./judge-type.ts";
import { unknown } from "./refusals.ts";
import { expressions } from "./shapes.ts";
import { judgeCall } from "./walk-call.ts";
import { judgeColumnRef, judgeStar } from "./walk-columns.ts";
import type { Place, Walk } from "./walk-context.ts";
import { byShape } from "./walk-fields.ts";

export function walkExpression(walk: Walk, node: AstNode, place: Place): Rejected | undefined {
  const kind = expressions[textField(node, "class")];
  const type = textField(node, "type");
  if (kind === undefined || !kind.types.includes(type)) return unknown(type || "expression");
  const inner: Place = place.output === true ? { ...place, output: false } : place;
  // Only a column or a star by itself is a direct output.
  const direct = node.class === "COLUMN_REF" || node.class === "STAR";
  const refused = meaning(walk, node, type, direct ? place : inner);
  return refused ?? byShape(walk, node, kind.fields, inner);
}

/** What a node does besides holding others. */
function meaning(walk: Walk, node: AstNode, type: string, place: Place): Rejected | undefined {
  switch (node.class) {
    case "FUNCTION":
    case "WINDOW":
      return judgeCall(walk, node, "scalar", place);
    case "COLUMN_REF":
      return judgeColumnRef(walk, namesField(node, "column_names"), place);
    case "STAR":
      return judgeStar(node, place);
    case "POSITIONAL_REFERENCE": {
      const ruled = place.scope?.items.find((each) => each.rules !== undefined);
      return ruled === undefined ? undefined : formRefused("A column by position", ruled);
    }
    case "PARAMETER":
      return judgeParameter(walk, textField(node, "identifier"));
    case "COLLATE":
      return judgeCollation(textField(node, "collation"));
    default:
      return type === "" ? unknown("expression") : undefined;
  }
}

function judgeParameter(walk: Walk, identifier: string): Rejected | undefined {
  if (!/^[1-9]\d{0,4}$/.test(identifier)) {
    return reject(
      "parse_error",
      `The parameter $${clipName(identifier)} is named; parameters go by position.`,
      "Write $1, $2, … and pass params as a list in that order.",
    );
  }
  walk.facts.parameters = Math.max(walk.facts.parameters, Number(identifier));
  return undefined;
}
