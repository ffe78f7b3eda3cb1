export type Path = readonly PropertyKey[];

/** Objects are merged member by member; lists and scalars of `over` replace. */
export function merge(under: unknown, over: unknown): unknown {
  if (over === undefined) return under;
  if (!isMapping(under) || !isMapping(over)) return over;
  const members = new Map(Object.entries(under));
  for (const [key, value] of Object.entries(over)) members.set(key, merge(members.get(key), value));
  return Object.fromEntries(members);
}

/** `{a: {b: value}}` for `a.b`. */
export function nest(path: Path, value: unknown): unknown {
  return path.reduceRight<unknown>((inner, key) => Object.fromEntries([[key, inner]]), value);
}

export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((node, key) => {
    if (typeof node !== "object" || node === null || !Object.hasOwn(node, key)) return undefined;
    return (node as Record<PropertyKey, unknown>)[key];
  }, root);
}

/** A copy with one value changed. */
export function withValue(root: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(root)) return root.map((item, at) => (at === key ? withValue(item, rest, value) : item));
  const members = new Map<PropertyKey, unknown>(isMapping(root) ? Object.entries(root) : []);
  members.set(key, withValue(members.get(key), rest, value));
  return Object.fromEntries(members);
}

export function mapText(
  root: unknown,
  change: (text: string, path: Path) => unknown,
  path: Path = [],
): unknown {
  if (typeof root === "string") return change(root, path);
  if (Array.isArray(root)) return root.map((item, at) => mapText(item, change, [...path, at]));
  if (!isMapping(root)) return root;
  return Object.fromEntries(
    Object.entries(root).map(([key, value]) => [key, mapText(value, change, [...path, key])]),
  );
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
