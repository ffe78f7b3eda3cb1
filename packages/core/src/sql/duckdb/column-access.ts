import { clipName, listNames } from "../names.ts";
import { reject } from "../reject.ts";
import type { Rejected } from "../verdict.ts";
import { type AstNode, foldName, isNode, listField, namesField, textField } from "./ast.ts";
import { type FromItem, isRuled, type Scope } from "./scope.ts";

type Judgement = "deny" | "mask";

/** What a column reference may reach: the strictest rule of any item it could bind to, here or further out. */
export function judgeColumn(
  written: readonly string[],
  scope: Scope | undefined,
): { readonly judgement: Judgement; readonly item: FromItem } | "row" | undefined {
  if (scope === undefined) return undefined;
  const names = written.map(foldName);
  const [first = ""] = names;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    if (names.some((name) => at.maskedOutputs.has(name)))
      return { judgement: "mask", item: { alias: first } };
  }
  if (!isRuled(scope)) return undefined;
  return names.length === 1 ? judgeBare(first, scope) : judgeQualified(names, scope);
}

function judgeBare(name: string, scope: Scope) {
  // Which scope the engine ends up in depends on what each place lets it see: every one counts.
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const hit = strictest([name], at.items);
    if (hit !== undefined) return hit;
    if (at.items.some((item) => item.alias === name && item.rules !== undefined)) return "row";
  }
  return undefined;
}

function judgeQualified(names: readonly string[], scope: Scope) {
  const [first = ""] = names;
  const matched: FromItem[] = [];
  const ruled: FromItem[] = [];
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    matched.push(...at.items.filter((item) => item.alias === first));
    ruled.push(...at.items.filter((item) => item.rules !== undefined));
  }
  // The first part may also be a column, and the rest fields of it.
  const asColumn = strictest([first], ruled);
  if (asColumn !== undefined) return asColumn;
  if (ruled.some((item) => names.at(-1) === item.alias)) return "row";
  // With three parts the first may be a schema, whatever alias has the same name.
  return matched.length > 0 && names.length === 2
    ? strictest(names.slice(1), matched)
    : strictest(names, ruled);
}

function strictest(names: readonly string[], items: readonly FromItem[]) {
  let masked: FromItem | undefined;
  for (const item of items) {
    for (const name of names) {
      const judgement = item.rules?.(name);
      if (judgement === "deny") return { judgement, item };
      if (judgement === "mask") masked ??= item;
    }
  }
  return masked === undefined ? undefined : { judgement: "mask" as const, item: masked };
}

/** The items a star spreads out; one it cannot tell counts for all with rules. */
export function starItems(star: AstNode, scope: Scope): readonly FromItem[] {
  const qualifier = foldName(textField(star, "relation_name"));
  if (qualifier === "" && scope.items.length > 0) return scope.items;
  const matched = qualifier === "" ? [] : scope.items.filter((item) => item.alias === qualifier);
  // It may also be a struct column; then its table counts.
  const asColumn = scope.items.filter((item) => item.rules?.(qualifier) !== undefined);
  if (matched.length > 0) return [...matched, ...asColumn];
  const reachable: FromItem[] = [];
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) reachable.push(...at.items);
  return reachable.filter((item) => item.rules !== undefined);
}

/** Columns under a rule that the star does not exclude by name. */
export function coveredColumns(
  star: AstNode,
  item: FromItem,
): readonly { readonly name: string; readonly judgement: Judgement }[] {
  const { rules, relation } = item;
  if (rules === undefined) return [];
  const excluded = new Set(namesField(star, "exclude_list").map(foldName));
  for (const entry of listField(star, "qualified_exclude_list")) {
    if (!isNode(entry)) continue;
    const table = foldName(textField(entry, "table"));
    if (table === "" || table === item.alias) excluded.add(foldName(textField(entry, "column")));
  }
  return (relation?.columns ?? []).flatMap((column) => {
    const name = foldName(column);
    const judgement = rules(name);
    return judgement === undefined || excluded.has(name) ? [] : [{ name, judgement }];
  });
}

export function columnRefused(names: readonly string[], judgement: Judgement, item: FromItem): Rejected {
  const column = clipName(names.join("."));
  const what =
    judgement === "deny"
      ? `The column ${column} may not be read.`
      : `The column ${column} is masked: it can be selected as it is, but not used in an expression, filter, sort, group, join or subquery.`;
  return reject("column_not_allowed", what, permitted(item), { column });
}

export function formRefused(form: string, item: FromItem): Rejected {
  const table = item.relation === undefined ? "the table" : item.relation.name;
  return reject(
    "column_not_allowed",
    `${form} would reach withheld columns of ${clipName(table)}.`,
    permitted(item),
    { table: clipName(table) },
  );
}

function permitted({ relation, rules }: FromItem): string {
  if (relation === undefined || rules === undefined) return "Name the columns you need.";
  const open = relation.columns.filter((column) => rules(foldName(column)) === undefined);
  const masked = relation.columns.filter((column) => rules(foldName(column)) === "mask");
  const also = masked.length === 0 ? "" : ` Masked in the output: ${listNames(masked)}.`;
  const other = "A column of the same name of another table needs its table's name in front.";
  return `Columns of ${clipName(relation.name)} that may be used: ${listNames(open, 40)}.${also} ${other}`;
}
