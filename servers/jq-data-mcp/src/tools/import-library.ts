import { defineTool, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import { requireRole } from "../library/roles.ts";
import { readBundle } from "../seeds/import-library.ts";
import type { Services } from "../services.ts";
import { changeHints, writeScope } from "./fields.ts";

export const importLibrary = defineTool({
  name: "import_library",
  title: "Import into the library",
  description: "For admins: puts functions and tools of another library in, each tested; placeholders written ${x} become bound parameters. What cannot be imported is told with its reason.",
  input: z.strictObject({
    functions: z.array(z.record(z.string(), z.unknown())).max(500).default([]).describe("As exported, or as in a seed file."),
    tools: z.array(z.record(z.string(), z.unknown())).max(500).default([]).describe("As exported, or as in a seed file."),
  }),
  output: z.object({
    results: untrusted(z.array(z.object({ item: z.string(), outcome: z.string(), warnings: z.array(z.string()), error: z.string().optional() }))),
  }),
  annotations: changeHints,
  scopes: writeScope,
  group: "admin",
  async run(input, { services, principal }: ToolContext<Services>) {
    const user = services.userOf(principal);
    requireRole(user, "import");
    const results = await services.importer.import(user, readBundle(input), { source: "manual" });
    return { data: { results: results.map((one) => ({ ...one, warnings: [...one.warnings] })) } };
  },
});
