import { openServer } from "../run/open-server.mjs";

const name = "lineage-mcp";

/** What loads on first use: the database behind the recorded session. */
export const branches = [
  {
    name: "--demo answers from its recorded session and refuses a write",
    run: async ({ bin }) => {
      const server = await openServer(name, ["--demo"], [bin]);
      try {
        const listed = await server.call("list_notebooks", {});
        if (!(listed.data?.notebooks?.length > 0)) {
          throw new Error(`list_notebooks gave ${JSON.stringify(listed)}`);
        }
        const refused = await server.call("query_memories", { sql_query: "DELETE FROM cell_runs" });
        if (refused.error?.code !== "VALIDATION_ERROR") {
          throw new Error(`a write was answered ${JSON.stringify(refused)}`);
        }
      } finally {
        await server.close();
      }
    },
  },
];
