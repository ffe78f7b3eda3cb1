import { defineTool, type ToolContext, ToolError } from "@mcp-data/core";
import { z } from "zod";
import { requireRole } from "../library/roles.ts";
import type { Services } from "../services.ts";
import { addHints, writeScope } from "./fields.ts";

export const syncNow = defineTool({
  name: "sync_now",
  title: "Sync now",
  description: "For admins: exchanges changes with the other instances through the bucket at once, instead of at the next interval.",
  input: z.strictObject({}),
  output: z.object({ pulled: z.int(), pushed: z.int(), head_seq: z.int(), conflicts: z.int() }),
  annotations: addHints,
  scopes: writeScope,
  group: "admin",
  async run(_input, { services, principal }: ToolContext<Services>) {
    requireRole(services.userOf(principal), "sync");
    if (services.sync === undefined) throw new ToolError("UNSUPPORTED", "No bucket is configured.", { hint: "The operator sets sync.bucket." });
    return { data: { ...(await services.sync.sync()) } };
  },
});
