import { ToolError } from "@mcp-data/core";
import { deeperThan } from "../engine/check-job.ts";
import { defaultLimits } from "../engine/limits.ts";
import type { Definition } from "./definitions.ts";

/** Every instance keeps every version, so nobody may hide a data set in a test case. */
const maxChars = 256 * 1024;

/** VALIDATION_ERROR for what is too large to keep and too deep to compare. */
export function checkSize({ body }: Definition): void {
  if (deeperThan(body, defaultLimits.nesting))
    throw tooLarge("Its test cases are nested too deeply.", "nesting");
  if (JSON.stringify(body).length > maxChars)
    throw tooLarge(`It has more than ${maxChars / 1024} KiB with its test cases.`, "size");
}

function tooLarge(message: string, reason: string): ToolError {
  return new ToolError("VALIDATION_ERROR", message, {
    hint: "Use small inputs that show the point.",
    details: { reason },
  });
}
