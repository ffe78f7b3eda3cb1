import { defineTool, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import { mayDo } from "../library/roles.ts";
import type { Services } from "../services.ts";
import { readHints, readScope } from "./fields.ts";

export const suggestImprovements = defineTool({
  name: "suggest_improvements",
  title: "Suggest improvements",
  description: "Returns what measured use says could be better: slow, failing, unused and duplicate entries, and programs several people run by hand that may be worth sharing.",
  input: z.strictObject({}),
  output: z.object({
    suggestions: untrusted(z.array(z.object({ kind: z.string(), item: z.string().optional(), evidence: z.string(), program: z.string().optional() }))),
  }),
  annotations: readHints,
  scopes: readScope,
  group: "library",
  async run(_input, { services, principal }: ToolContext<Services>) {
    const everything = mayDo(services.userOf(principal).role, "see_everyones_runs");
    const suggestions = services.insights.suggestions().filter(({ kind }) => everything || kind !== "worth_sharing");
    return { data: { suggestions: suggestions.slice(0, 50).map((one) => ({ ...one })) } };
  },
});
