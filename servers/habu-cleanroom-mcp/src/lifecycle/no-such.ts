import { ToolError } from "@mcp-data/core";

export function noSuch(what: string, substitute: string): ToolError {
  return new ToolError("UNSUPPORTED", `The platform cannot ${what}.`, {
    hint: substitute,
    details: { reason: "PLATFORM_LIMIT" },
  });
}
