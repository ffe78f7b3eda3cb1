import { openServer } from "../run/open-server.mjs";

const name = "habu-cleanroom-mcp";

/** What loads on first use: the emulator behind --demo. */
export const branches = [
  {
    name: "--demo answers, reads results and refuses an unknown room",
    run: async ({ bin }) => {
      const server = await openServer(name, ["--demo"], [bin]);
      try {
        const health = await server.call("health_check", {});
        if (health.data?.environment !== "EMULATOR")
          throw new Error(`health_check gave ${JSON.stringify(health)}`);
        const results = await server.call("retrieve_and_analyze_results", {
          question: "Campaign Overlap",
          cleanroom: "CR-1001",
        });
        if (!(results.data?.report.rows_total > 0))
          throw new Error(`results gave ${JSON.stringify(results)}`);
        const refused = await server.call("monitor_cleanroom_status", { cleanroom: "nowhere" });
        if (refused.error?.code !== "NOT_FOUND") throw new Error(`nowhere gave ${JSON.stringify(refused)}`);
      } finally {
        await server.close();
      }
    },
  },
];
