import { ToolError } from "@mcp-data/core";
import type { Command } from "./command.ts";

export const syncCommand: Command = {
  usage: "",
  help: "None",
  summary: "exchange changes with the bucket once",
  min: 0,
  max: 0,
  async run(services, _args, say) {
    if (services.sync === undefined)
      throw new ToolError("CONFIG_ERROR", "No bucket is configured.", { hint: "Set JQ_DATA_SYNC_BUCKET." });
    const { pulled, pushed, head_seq, conflicts } = await services.sync.sync();
    say(`pulled ${pulled}, pushed ${pushed}, head ${head_seq}, open conflicts ${conflicts}`);
    return 0;
  },
};
