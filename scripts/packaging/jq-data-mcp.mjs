import { openServer } from "../run/open-server.mjs";

const name = "jq-data-mcp";

/** What loads on first use. */
export const branches = [
  {
    name: "--demo runs an approved tool and contains a hostile program",
    run: async ({ bin }) => {
      const server = await openServer(name, ["--demo"], [bin]);
      try {
        const answer = await server.call("t_trend_analysis", { dataset: "metrics" });
        if (!answer.success || answer.data.values[0].direction !== "increasing") {
          throw new Error(`the tool answered ${JSON.stringify(answer)}`);
        }
        const refused = await server.call("query", { dataset: "metrics", program: "[range(1e9)]" });
        if (refused.error?.code !== "COST_LIMIT_EXCEEDED")
          throw new Error(`a memory bomb was answered ${JSON.stringify(refused)}`);
      } finally {
        await server.close();
      }
    },
  },
];
