import { type AstNode, type AstValue, isNode, namesField, textField } from "./ast.ts";

/** What the arguments of a call name. A macro's body gets them in place of its parameters, in its own scopes. */
export interface Arguments {
  /** Parts of each column reference. */
  readonly columns: readonly (readonly string[])[];
  /** Some argument spreads columns. */
  readonly star: boolean;
}

export const noArguments: Arguments = { columns: [], star: false };

/** Those of the call itself and those that came in from the macros around it. */
export function argumentsOf(call: AstNode, outer: Arguments): Arguments {
  const columns: (readonly string[])[] = [...outer.columns];
  let star = outer.star;
  const open: AstValue[] = Object.values(call);
  while (open.length > 0) {
    const next = open.pop();
    if (Array.isArray(next)) open.push(...next);
    if (!isNode(next)) continue;
    if (next.class === "COLUMN_REF") columns.push(namesField(next, "column_names"));
    if (next.class === "STAR") star = true;
    const qualifier = [textField(next, "catalog"), textField(next, "schema")].filter((part) => part !== "");
    if (qualifier.length > 0) columns.push(qualifier);
    open.push(...Object.values(next));
  }
  const own = [textField(call, "catalog"), textField(call, "schema")].filter((part) => part !== "");
  if (own.length > 0) columns.push(own);
  return { columns, star };
}
