import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import { requireRole } from "../library/roles.ts";
import type { Services } from "../services.ts";
import { addHints, writeScope } from "./fields.ts";

const conflict = z.object({
  id: z.string(),
  item: z.string(),
  version: z.string().nullable(),
  winner: z.string().nullable(),
  proposal: z.string().nullable(),
  actor: z.string(),
  created_at: z.string(),
});

export const resolveConflict = defineTool({
  name: "resolve_conflict",
  title: "Resolve a conflict",
  description:
    "For admins: without an id lists changes that were made elsewhere on an older version. With one, takes it in place of the active version, or keeps what is active and closes it.",
  input: z.strictObject({
    conflict_id: z.string().max(200).optional().describe("An id this tool listed."),
    take: z
      .enum(["theirs", "active"])
      .default("active")
      .describe("theirs: the change that lost becomes active."),
  }),
  output: z.object({ open: z.array(conflict), resolved: z.string().optional() }),
  annotations: addHints,
  scopes: writeScope,
  group: "admin",
  async run({ conflict_id, take }, { services, principal }: ToolContext<Services>) {
    const user = services.userOf(principal);
    requireRole(user, "resolve");
    const { conflicts } = services;
    if (conflict_id === undefined) return { data: { open: conflicts.open() } };
    await conflicts.resolve(user, conflict_id, take);
    return { data: { open: conflicts.open(), resolved: conflict_id } };
  },
});
