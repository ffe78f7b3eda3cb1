import type { InputMode } from "../engine/engine.ts";

/**
 * An author's program behind the functions that bring old data to today's shape. They take one element of a list, or
 * the whole of a document, and run whichever way the program reads its input.
 */
export function migrated(
  program: string,
  steps: readonly string[],
  mode: InputMode,
  isList: boolean,
): { readonly text: string; readonly linesBefore: number } {
  if (steps.length === 0) return { text: program, linesBefore: 0 };
  const change = steps.map((key) => key.split("/")[0]).join(" | ");
  return { text: `${lead(change, mode, isList)}\n${program}`, linesBefore: 1 };
}

function lead(change: string, mode: InputMode, isList: boolean): string {
  if (mode === "reduce")
    return `def _input: input; def _inputs: inputs; def input: _input | ${change}; def inputs: _inputs | ${change};`;
  return mode === "whole" && isList ? `map(${change}) |` : `${change} |`;
}
