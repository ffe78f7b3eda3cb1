import { checkPolicy, refuse } from "./policy.ts";

export interface ParsedDefinition {
  readonly name: string;
  readonly arity: number;
  readonly parameters: readonly string[];
}

/** The header of a text that is exactly one `def`. VALIDATION_ERROR names the place otherwise. */
export function parseDefinition(text: string): ParsedDefinition {
  const tokens = checkPolicy(text).filter((token) => token.kind !== "comment");
  const [def, name] = tokens;
  if (def?.kind !== "word" || def.text !== "def" || name?.kind !== "word") {
    throw refuse(text, def?.at ?? 0, "a definition begins with def NAME", "definition");
  }
  if (name.text.startsWith("_") || name.text.includes("::")) {
    throw refuse(text, name.at, "names begin with a letter and have no ::", "definition");
  }
  const parameters: string[] = [];
  let at = 2;
  if (tokens[at]?.text === "(") {
    for (at += 1; tokens[at]?.text !== ")"; at += 1) {
      const token = tokens[at];
      if (token === undefined)
        throw refuse(text, text.length, "the parameter list is never closed", "definition");
      if (token.text !== ";") parameters.push(token.text);
    }
    at += 1;
  }
  if (tokens[at]?.text !== ":")
    throw refuse(text, tokens[at]?.at ?? text.length, "a : follows the header", "definition");
  // Each inner def ends with its own ; at its own depth.
  const open = [def.depth];
  for (at += 1; at < tokens.length && open.length > 0; at += 1) {
    const token = tokens[at];
    if (token?.kind === "word" && token.text === "def") open.push(token.depth);
    else if (token?.text === ";" && token.kind === "sign" && token.depth === open.at(-1)) open.pop();
  }
  if (open.length > 0) throw refuse(text, text.length, "a definition ends with ;", "definition");
  const rest = tokens[at];
  if (rest !== undefined)
    throw refuse(text, rest.at, "one definition per function; put helpers inside it", "definition");
  return { name: name.text, arity: parameters.length, parameters };
}
