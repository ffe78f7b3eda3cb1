import { ToolError } from "@mcp-data/core";
import type { Job } from "./engine.ts";

/** `--argjson` pairs for a job whose sizes are within its limits. VALIDATION_ERROR otherwise. */
export function argumentFlags(job: Job): string[] {
  const { limits } = job;
  requireProgramSize(job.program, limits.programBytes);
  if (job.program.includes("\0")) {
    throw new ToolError("VALIDATION_ERROR", "The program contains a NUL character.", {
      details: { reason: "nul" },
    });
  }
  let total = 0;
  const flags: string[] = [];
  for (const [name, value] of Object.entries(job.args ?? {})) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw new ToolError("VALIDATION_ERROR", "An argument's name is not an identifier.", {
        hint: "Use letters, digits and _.",
        details: { reason: "argument_name" },
      });
    }
    if (deeperThan(value, limits.nesting)) {
      throw tooBig("argument_nesting", `Argument ${name} is nested more than ${limits.nesting} deep.`);
    }
    const json = JSON.stringify(value ?? null);
    total += Buffer.byteLength(json);
    if (total > limits.argumentBytes) {
      throw tooManyArguments(limits.argumentBytes);
    }
    flags.push("--argjson", name, json);
  }
  return flags;
}

/** VALIDATION_ERROR, before anything looks into the text. */
export function requireProgramSize(program: string, limit: number): void {
  const bytes = Buffer.byteLength(program);
  if (bytes > limit) throw tooBig("program", `The program has ${bytes} bytes; the limit is ${limit}.`);
}

export function tooManyArguments(limit: number): ToolError {
  return tooBig("arguments", `The arguments have more than ${limit} bytes.`);
}

function tooBig(reason: string, message: string): ToolError {
  return new ToolError("VALIDATION_ERROR", message, {
    hint: "Put large data into a dataset and read it with the program.",
    details: { reason },
  });
}

/** Without recursion: the value may be deeper than the stack. */
export function deeperThan(value: unknown, levels: number): boolean {
  return excessOf(value, levels, Number.POSITIVE_INFINITY) === "deep";
}

/** What a value has too much of, found out without looking at much more of it than is allowed. */
export function excessOf(value: unknown, levels: number, bytes: number): "deep" | "large" | undefined {
  let layer: unknown[] = [value];
  // Never more than its JSON text has.
  let size = 0;
  for (let depth = 0; layer.length > 0; depth += 1) {
    const next: unknown[] = [];
    for (const one of layer) {
      if (typeof one !== "object" || one === null) {
        size += typeof one === "string" ? one.length + 2 : typeof one === "number" ? String(one).length : 4;
        if (size > bytes) return "large";
        continue;
      }
      if (depth >= levels) return "deep";
      const inner: readonly unknown[] = Array.isArray(one) ? one : Object.values(one);
      // Brackets, and commas between.
      size += 2 + Math.max(0, inner.length - 1);
      if (size > bytes) return "large";
      for (const value of inner) next.push(value);
    }
    layer = next;
  }
  return undefined;
}
