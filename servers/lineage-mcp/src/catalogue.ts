import type { Catalogue } from "@mcp-data/core";
import packageJson from "../package.json" with { type: "json" };
import { instructions } from "./instructions.ts";
import { prompts } from "./prompts/index.ts";
import { resources } from "./resources/index.ts";
import type { Services } from "./services.ts";
import { tools } from "./tools/index.ts";

/** Everything this server offers. */
export const catalogue: Catalogue<Services> = {
  name: "lineage-mcp",
  title: "Notebook lineage",
  version: packageJson.version,
  instructions,
  tools,
  resources,
  prompts,
  defaultGroups: ["lineage"],
};
