import { isToolError } from "@mcp-data/core";
import { workflowTool } from "../workflow/workflow-tool.ts";

export const healthCheck = workflowTool({
  name: "health_check",
  title: "Health of server and platform",
  description: "Says whether the platform answers and which budgets are left. Costs no token.",
  group: "always",
  kind: "read",
  needs: [],
  uses: ["getHealth"],
  input: {},
  words: {},
  async run(work) {
    const { habu, services } = work;
    let platform: Record<string, unknown>;
    try {
      const { status, version, description } = await habu.call("getHealth", {});
      platform = { reachable: true, status, version, description };
    } catch (error) {
      if (!isToolError(error)) throw error;
      platform = { reachable: false, code: error.code, reason: error.details?.reason };
    }
    const budgets = {
      tokens: services.tokens.budget(),
      question_runs: services.ledger.use("question"),
      flow_runs: services.ledger.use("flow"),
    };
    return work.end({
      summary: `${services.environment}: the platform ${platform.reachable === true ? `answers (${String(platform.status)})` : "does not answer"}; circuit ${services.transport.circuit}.`,
      result: {
        server: {
          version: services.version,
          read_only: services.readOnly,
          calls_since_start: services.habu.totalCalls,
        },
        platform,
        circuit: services.transport.circuit,
        budgets,
      },
    });
  },
});
