import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import { mayDo } from "../library/roles.ts";
import type { Services } from "../services.ts";
import { readHints, readScope } from "./fields.ts";

export const getMetrics = defineTool({
  name: "get_metrics",
  title: "Get metrics",
  description: "Returns calls, errors and times of library tools, the engine's state and the sync's; for admins also who runs what.",
  input: z.strictObject({ tool: z.string().max(64).optional().describe("Only this one.") }),
  output: z.object({
    tools: z.array(z.object({ item: z.string(), calls: z.int(), errors: z.int(), mean_ms: z.number(), max_ms: z.number(), users: z.int() })),
    by_user: z.array(z.object({ user: z.string(), calls: z.int() })).optional(),
    daily: z.array(z.object({ day: z.string(), calls: z.int(), errors: z.int() })),
    engine: z.record(z.string(), z.unknown()),
    sync: z.record(z.string(), z.unknown()).optional(),
  }),
  annotations: readHints,
  scopes: readScope,
  group: "library",
  async run({ tool }, { services, principal }: ToolContext<Services>) {
    const item = tool === undefined ? undefined : `tool:${tool}`;
    const seesUsers = mayDo(services.userOf(principal).role, "see_everyones_runs");
    const { wasm, native } = services.engines;
    return {
      data: {
        tools: services.insights.metrics(item).slice(0, 100),
        ...(item !== undefined && seesUsers ? { by_user: services.insights.usersOf(item).slice(0, 100) } : {}),
        daily: services.insights.daily(30),
        engine: { version: wasm.version.jq, ...wasm.stats(), ...(native === undefined ? {} : { native: native.version.jq }) },
        ...(services.sync === undefined ? {} : { sync: { ...services.sync.status() } }),
      },
    };
  },
});
