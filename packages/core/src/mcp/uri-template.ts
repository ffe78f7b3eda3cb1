/** A level-1 URI template: literal text and `{name}` variables, each matching one path segment. */
export interface UriTemplate {
  readonly variables: readonly string[];
  /** The decoded variables, or undefined when the URI is of another shape. */
  match(uri: string): Record<string, string> | undefined;
  expand(variables: Readonly<Record<string, string>>): string;
}

/** Throws RangeError on an expression that is not level 1, or two variables with nothing between them. */
export function parseUriTemplate(template: string): UriTemplate {
  if (/\}\{/.test(template)) throw new RangeError(`${template}: variables need text between them`);
  const parts = template.split(/(\{[^{}]*\})/);
  const variables: string[] = [];
  let pattern = "";
  for (const part of parts) {
    if (!part.startsWith("{")) {
      if (/[{}]/.test(part)) throw new RangeError(`${template}: unbalanced brace`);
      pattern += part.replace(/[.*+?^$()|[\]\\/]/g, "\\$&");
      continue;
    }
    const name = part.slice(1, -1);
    if (!/^[A-Za-z_]\w*$/.test(name) || variables.includes(name)) {
      throw new RangeError(`${template}: ${part} is not a variable of its own`);
    }
    variables.push(name);
    pattern += "([^/?#]+)";
  }
  const matcher = new RegExp(`^${pattern}$`);
  return {
    variables,
    match(uri) {
      const found = matcher.exec(uri);
      if (found === null) return undefined;
      const values = found.slice(1).map(decode);
      if (values.includes(undefined)) return undefined;
      return Object.fromEntries(variables.map((name, index) => [name, values[index] ?? ""]));
    },
    expand(values) {
      return template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
    },
  };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
