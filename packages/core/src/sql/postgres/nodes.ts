import type { Node } from "libpg-query";

/** The fields of a node, as the parser's JSON has them. */
export type Fields = Readonly<Record<string, unknown>>;

/** Kind and fields of a wrapped node; undefined for the empty object that stands for "no node". */
export function unwrap(node: unknown): { readonly kind: string; readonly fields: Fields } | undefined {
  for (const kind in node as object) {
    return { kind, fields: ((node as Record<string, unknown>)[kind] ?? {}) as Fields };
  }
  return undefined;
}

/** The texts of a list of String nodes; a star is "*" only where `star` allows one. */
export function strings(list: readonly Node[] | undefined): string[] {
  return (list ?? []).map((node) => ("String" in node ? (node.String.sval ?? "") : ""));
}
