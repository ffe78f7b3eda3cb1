/** One object of the engine's JSON syntax tree. Fields with their default value are absent. */
export interface AstNode {
  readonly [field: string]: AstValue;
}

export type AstValue = string | number | boolean | null | AstNode | readonly AstValue[] | undefined;

export function isNode(value: AstValue): value is AstNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function nodeField(node: AstNode, field: string): AstNode | undefined {
  const value = node[field];
  return isNode(value) ? value : undefined;
}

export function listField(node: AstNode, field: string): readonly AstValue[] {
  const value = node[field];
  return Array.isArray(value) ? value : [];
}

export function textField(node: AstNode, field: string): string {
  const value = node[field];
  return typeof value === "string" ? value : "";
}

/** Names of a field that holds strings only. */
export function namesField(node: AstNode, field: string): string[] {
  return listField(node, field).filter((name): name is string => typeof name === "string");
}

/** The engine compares names without regard to ASCII case, and only ASCII. */
export function foldName(name: string): string {
  return /[A-Z]/.test(name) ? name.replace(/[A-Z]+/g, (part) => part.toLowerCase()) : name;
}
