import { ToolError } from "@mcp-data/core";
import { placeOf, type Token, tokenize } from "./tokens.ts";

/** Words with no use in shared programs: they would read modules, files or the environment of a native jq. */
const forbidden: Readonly<Record<string, string>> = {
  import: "modules are not available; use library functions",
  include: "modules are not available; use library functions",
  modulemeta: "modules are not available",
  get_search_list: "modules are not available",
  input_filename: "datasets have no file name",
  env: "the environment is not available; declare a parameter",
  $ENV: "the environment is not available; declare a parameter",
  $ARGS: "arguments are not available as a whole; declare parameters",
  $__prog_args: "it is not available; declare a parameter",
};

/** Tokens of a program that keeps to the rules. VALIDATION_ERROR names the place otherwise. */
export function checkPolicy(program: string): readonly Token[] {
  if (program.includes("\0"))
    throw refuse(program, program.indexOf("\0"), "a NUL character is not allowed", "nul");
  const { tokens, problem } = tokenize(program);
  if (problem !== undefined) throw refuse(program, problem.at, problem.message, "syntax");
  for (const token of tokens) {
    if (token.kind !== "word" && token.kind !== "variable") continue;
    const why = Object.hasOwn(forbidden, token.text) ? forbidden[token.text] : undefined;
    if (why !== undefined)
      throw refuse(program, token.at, `${token.text} is not allowed: ${why}`, "forbidden");
  }
  return tokens;
}

/** Words whose use is worth a remark. */
export function policyWarnings(tokens: readonly Token[], mode: "whole" | "each" | "reduce"): string[] {
  const used = new Set(tokens.filter((token) => token.kind === "word").map((token) => token.text));
  const warnings: string[] = [];
  if (mode === "whole" && (used.has("input") || used.has("inputs"))) {
    warnings.push('input and inputs find nothing in mode "whole"; use mode "reduce".');
  }
  if (mode === "reduce" && !used.has("input") && !used.has("inputs")) {
    warnings.push('Mode "reduce" runs once on null: the program reads its data with inputs.');
  }
  for (const word of ["halt", "halt_error"]) {
    if (used.has(word)) warnings.push(`${word} ends the whole run, also for the elements after it.`);
  }
  return warnings;
}

export function refuse(program: string, at: number, message: string, reason: string): ToolError {
  const { line, column } = placeOf(program, at);
  return new ToolError("VALIDATION_ERROR", `Line ${line}, column ${column}: ${message}.`, {
    hint: "Correct the program; test_program checks one without storing it.",
    details: { reason, line, column },
  });
}
