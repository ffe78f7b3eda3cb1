import { z } from "zod";
import { toWireTool } from "../mcp/wire-tool.ts";
import type { AnyTool } from "../tool/define-tool.ts";

/** All that a user of a tool can come to depend on, as plain JSON. */
export function publicDefinition(tool: AnyTool<never>): Record<string, unknown> {
  const { outputSchema: _, ...listed } = toWireTool(tool);
  const { $schema: __, ...output } = z.toJSONSchema(tool.output, { io: "output", unrepresentable: "any" });
  return { ...listed, output, scopes: [...tool.scopes], group: tool.group };
}
