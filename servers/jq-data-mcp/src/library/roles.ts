import { ToolError } from "@mcp-data/core";

export const roles = ["user", "admin", "owner"] as const;
export type Role = (typeof roles)[number];

/** Who may do what; the whole of it. */
export const permissions = {
  read: ["user", "admin", "owner"],
  run: ["user", "admin", "owner"],
  propose: ["user", "admin", "owner"],
  vote: ["user", "admin", "owner"],
  withdraw_own: ["user", "admin", "owner"],
  withdraw_any: ["admin", "owner"],
  manage: ["admin", "owner"],
  import: ["admin", "owner"],
  sync: ["admin", "owner"],
  resolve: ["admin", "owner"],
  see_users: ["admin", "owner"],
  see_everyones_runs: ["admin", "owner"],
  set_role_user: ["admin", "owner"],
  set_role_admin: ["owner"],
  set_role_owner: ["owner"],
} as const satisfies Record<string, readonly Role[]>;

export type Operation = keyof typeof permissions;

export function mayDo(role: Role, operation: Operation): boolean {
  return (permissions[operation] as readonly Role[]).includes(role);
}

/** PERMISSION_DENIED names the roles that may. */
export function requireRole(user: { readonly role: Role }, operation: Operation): void {
  if (mayDo(user.role, operation)) return;
  throw new ToolError(
    "PERMISSION_DENIED",
    `Your role "${user.role}" may not ${operation.replaceAll("_", " ")}.`,
    {
      hint: `Ask someone who is ${permissions[operation].join(" or ")}; an owner changes roles.`,
      details: { reason: "role", role: user.role, operation },
    },
  );
}
