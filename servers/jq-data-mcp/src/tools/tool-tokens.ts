import type { AnyTool } from "@mcp-data/core";
import { z } from "zod";

/** What every definition has besides: answer schema, annotations, keys. */
const fixedTokens = 112;

/** About as many as a model counts, rather too many; a real tokenizer has megabytes of words. */
export function tokensOf({ name, title, description, input }: AnyTool<never>): number {
  const { $schema: _, ...schema } = z.toJSONSchema(input as z.ZodType, {
    io: "input",
    unrepresentable: "any",
  });
  return (
    fixedTokens +
    [name, title, description].reduce((sum, text) => sum + tokensIn(text), tokensIn(JSON.stringify(schema)))
  );
}

/** Words and signs in runs; whatever is not plain English takes more tokens than it has characters. */
function tokensIn(text: string): number {
  let tokens = 0;
  for (const [run] of text.matchAll(/[a-z]+|[A-Z]+|[0-9]+|\s+|[!-/:-@[-`{-~]+|\P{ASCII}+/gu)) {
    if (/^[a-z]/.test(run)) tokens += run.length > 14 ? run.length / 3 : Math.ceil(run.length / 9);
    else if (/^[A-Z]/.test(run)) tokens += run.length / 2;
    else if (/^[0-9]/.test(run)) tokens += Math.ceil(run.length / 3);
    else if (/^\s/.test(run)) tokens += run.length > 1 ? 1 : 0;
    else if (/^[!-~]/.test(run)) tokens += Math.ceil(run.length / 4);
    else tokens += Buffer.byteLength(run) / 1.6;
  }
  return Math.ceil(tokens);
}
