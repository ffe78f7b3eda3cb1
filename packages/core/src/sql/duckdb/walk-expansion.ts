import type { Rejected } from "../verdict.ts";
import type { Arguments } from "./call-arguments.ts";
import { type Expansion, expandMacros } from "./expand.ts";
import { opaque, tooLarge } from "./refusals.ts";
import type { Place, Walk } from "./walk-context.ts";

/** Views and macros inside one another. */
const maxExpansions = 32;

export function walkMacros(walk: Walk, name: string, place: Place, passed: Arguments): Rejected | undefined {
  for (const expansion of expandMacros(name, walk.catalog)) {
    const refused = walkExpansion(walk, expansion, place, passed);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/** Another text takes the node's place: a view's SELECT, or a macro's body. */
export function walkExpansion(
  walk: Walk,
  expansion: Expansion | Rejected,
  place: Place,
  passed?: Arguments,
): Rejected | undefined {
  if ("ok" in expansion) return expansion;
  const { label, text, sees, home } = expansion;
  if (place.via.length >= maxExpansions) return tooLarge();
  const tree = walk.parsed(text);
  if (tree === undefined) {
    walk.facts.missing.add(text);
    return undefined;
  }
  if (tree === "unreadable") return opaque(label);
  // A view's names are its own; a scalar macro's columns are the caller's.
  const scope = sees === "caller" ? place.scope : undefined;
  walk.push("query", tree.node, { scope, ctes: undefined, via: [...place.via, label], home, passed });
  return undefined;
}
