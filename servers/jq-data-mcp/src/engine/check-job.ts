import { ToolError } from "@mcp-data/core";
import type { Job } from "./engine.ts";

/** `--argjson` pairs for a job whose sizes are within its limits. VALIDATION_ERROR otherwise. */
export function argumentFlags(job: Job): string[] {
  const { limits } = job;
  const programBytes = Buffer.byteLength(job.program);
  if (programBytes > limits.programBytes) {
    throw tooBig("program", `The program has ${programBytes} bytes; the limit is ${limits.programBytes}.`);
  }
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
      throw tooBig("arguments", `The arguments have more than ${limits.argumentBytes} bytes.`);
    }
    flags.push("--argjson", name, json);
  }
  return flags;
}

function tooBig(reason: string, message: string): ToolError {
  return new ToolError("VALIDATION_ERROR", message, {
    hint: "Put large data into a dataset and read it with the program.",
    details: { reason },
  });
}

/** Without recursion: the value may be deeper than the stack. */
export function deeperThan(value: unknown, levels: number): boolean {
  let layer: unknown[] = [value];
  for (let depth = 0; layer.length > 0; depth += 1) {
    const next: unknown[] = [];
    for (const one of layer) {
      if (typeof one !== "object" || one === null) continue;
      if (depth >= levels) return true;
      for (const inner of Object.values(one)) next.push(inner);
    }
    layer = next;
  }
  return false;
}
