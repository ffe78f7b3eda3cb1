import { refuse } from "./policy.ts";
import { tokenize } from "./tokens.ts";

export interface Converted {
  readonly program: string;
  /** Names in order of first use. */
  readonly parameters: readonly string[];
}

/**
 * `${x}` placeholders as bound variables: `$x` where one stands alone or is a whole string of a string parameter,
 * `\($x)` inside a longer string. VALIDATION_ERROR names the place of one that cannot be converted.
 */
export function convertTemplate(program: string, isString: (name: string) => boolean): Converted {
  const { tokens, problem } = tokenize(program);
  if (problem !== undefined) throw refuse(program, problem.at, problem.message, "syntax");
  const parameters = new Set<string>();
  let converted = "";
  let from = 0;
  for (const token of tokens) {
    if (token.kind === "comment" && token.text.includes("${")) {
      throw refuse(program, token.at, "a placeholder in a comment has no meaning", "template");
    }
    if (token.kind !== "template") continue;
    const name = token.text.slice(2, -1).trim();
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      throw refuse(program, token.at, `${token.text} is no placeholder of a parameter`, "template");
    }
    // Beside a word or a dot it would join two texts into one name.
    if (
      token.place === "bare" &&
      (/[\w.$@]/.test(program[token.at - 1] ?? "") || /\w/.test(program[token.end] ?? ""))
    ) {
      throw refuse(program, token.at, "a placeholder cannot be part of a name; use .[$name]", "template");
    }
    parameters.add(name);
    const whole = token.place === "whole" && isString(name);
    converted += program.slice(from, whole ? token.at - 1 : token.at);
    converted += whole || token.place === "bare" ? `$${name}` : `\\($${name})`;
    from = whole ? token.end + 1 : token.end;
  }
  return { program: converted + program.slice(from), parameters: [...parameters] };
}
