import { permissionFor } from "../client/permission.ts";
import { operationIds } from "../contract/operations.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";

export const testConnection = workflowTool({
  name: "test_connection",
  title: "Test the credentials",
  description: "Signs in, reads a room, lists what the token allows and lacks.",
  group: "always",
  kind: "read",
  needs: [],
  uses: ["getHealth", "getAllCleanrooms"],
  input: {},
  words: {},
  async run(work) {
    const { habu, services } = work;
    await habu.call("getHealth", {});
    const rooms = await habu.call("getAllCleanrooms", { query: { limit: 1 } }, { fresh: true });
    const permissions = services.tokens.permissions();
    const known = [...new Set(operationIds.flatMap((id) => permissionFor(id) ?? []))].sort();
    const missing = permissions === undefined ? [] : known.filter((word) => !permissions.includes(word));
    return work.end({
      summary: `Signed in; ${rooms.length === 0 ? "no clean room is visible" : "clean rooms are visible"}${missing.length === 0 ? "" : `; the token lacks ${missing.length} permission(s)`}.`,
      result: {
        permissions: permissions ?? "the token does not say",
        missing,
        token: services.tokens.budget(),
        note: "A permission lets the key call an operation; inside a room the API user must also be Administrator, else people and datasets are refused.",
      },
      next:
        rooms.length === 0 ? [{ tool: "troubleshoot_issues", why: "find out why no room is visible" }] : [],
    });
  },
});
