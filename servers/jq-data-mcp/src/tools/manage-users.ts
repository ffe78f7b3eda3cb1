import { defineTool, type ToolContext, ToolError, untrusted } from "@mcp-data/core";
import { z } from "zod";
import { requireRole, roles } from "../library/roles.ts";
import type { Services } from "../services.ts";
import { changeHints, writeScope } from "./fields.ts";

export const manageUsers = defineTool({
  name: "manage_users",
  title: "Manage users",
  description: "For admins: lists everybody who ever called with role and last activity, and changes a role. Only owners make admins and owners.",
  input: z.strictObject({
    user: z.string().max(300).optional().describe("Whose role to change."),
    role: z.enum(roles).optional().describe("The new role."),
  }),
  output: z.object({
    users: untrusted(z.array(z.object({ id: z.string(), name: z.string(), role: z.string(), last_active: z.string().nullable() }))),
  }),
  annotations: changeHints,
  scopes: writeScope,
  group: "admin",
  async run({ user, role }, { services, principal }: ToolContext<Services>) {
    const by = services.userOf(principal);
    requireRole(by, "see_users");
    if ((user === undefined) !== (role === undefined)) {
      throw new ToolError("VALIDATION_ERROR", "user and role belong together.", { hint: "Pass both, or none to list.", details: { reason: "missing" } });
    }
    if (user !== undefined && role !== undefined) services.users.setRole(by, user, role);
    const users = services.users.list().slice(0, 200);
    return { data: { users: users.map(({ id, name, role: has, last_active }) => ({ id, name, role: has, last_active })) } };
  },
});
