import { ToolError } from "@mcp-data/core";
import { type Role, roles } from "../library/roles.ts";
import type { Command } from "./command.ts";

export const usersCommand: Command = {
  usage: "[ID ROLE]",
  help: "An id such as key:ann, and its new role",
  summary: `list who ever called, or give somebody a role (${roles.join(", ")})`,
  min: 0,
  max: 2,
  async run(services, [id, role], say) {
    if (id !== undefined) {
      if (!(roles as readonly string[]).includes(role ?? ""))
        throw new ToolError("CONFIG_ERROR", `A role is one of ${roles.join(", ")}.`, {
          hint: "For example: jq-data-mcp users key:ann admin",
        });
      const known = services.users.list().some((user) => user.id === id);
      if (!known && !/^(?:key|jwt|proxy):./.test(id))
        throw new ToolError("CONFIG_ERROR", "Nobody with this id ever called, and nobody could.", {
          hint: "Ids begin with how somebody signs in: key:NAME, jwt:SUBJECT or proxy:NAME.",
        });
      services.users.give(id, role as Role);
    }
    const users = services.users.list();
    if (users.length === 0) say("nobody called yet");
    for (const user of users) say(`${user.role.padEnd(6)} ${user.id}  ${user.last_active ?? "never"}`);
    return 0;
  },
};
