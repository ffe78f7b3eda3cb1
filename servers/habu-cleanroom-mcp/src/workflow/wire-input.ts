import { ToolError } from "@mcp-data/core";
import { z } from "zod";

export type Words<Shape> = { readonly [K in keyof Shape]: string };

const controlWords = {
  dry_run: "true: plan only",
  confirm: "handle of the plan",
  resume: "handle to go on",
} as const;

/**
 * What tools/list shows: every argument with a few words and no more, since twelve tools must fit 3,000 tokens.
 * The whole shape is checked by `checkArguments`.
 */
export function wireInput(
  shape: z.ZodRawShape,
  words: Readonly<Record<string, string>>,
  controls: boolean,
): z.ZodObject {
  const fields = Object.entries(shape).map(([name, type]) => {
    const required = !(type instanceof z.ZodOptional);
    const text = choices(type) ?? words[name] ?? name;
    return [name, required ? z.string().describe(text) : z.unknown().optional().describe(text)] as const;
  });
  const shared = controls
    ? Object.entries(controlWords).map(
        ([name, text]) => [name, z.unknown().optional().describe(text)] as const,
      )
    : [];
  return z.strictObject(Object.fromEntries([...fields, ...shared]));
}

/** The arguments as their shape has them; VALIDATION_ERROR names each wrong one. */
export function checkArguments<Shape extends z.ZodRawShape>(
  shape: Shape,
  given: unknown,
): z.output<z.ZodObject<Shape>> {
  const parsed = z.strictObject(shape).safeParse(given);
  if (parsed.success) return parsed.data as z.output<z.ZodObject<Shape>>;
  const problems = parsed.error.issues
    .slice(0, 5)
    .map((issue) => `"${issue.path.join(".").slice(0, 80) || "arguments"}": ${issue.message.slice(0, 160)}`);
  throw new ToolError("VALIDATION_ERROR", `${problems.join("; ")}.`, {
    hint: "Nothing was done. Correct the named arguments.",
    details: { reason: "invalid_arguments" },
  });
}

function choices(type: unknown): string | undefined {
  const inner = type instanceof z.ZodOptional ? type.unwrap() : type;
  return inner instanceof z.ZodEnum ? inner.options.join("|") : undefined;
}
