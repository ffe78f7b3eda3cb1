import type { Catalogue } from "@mcp-data/core";
import packageJson from "../package.json" with { type: "json" };
import { instructions } from "./instructions.ts";
import { resources } from "./resources/index.ts";
import type { Services } from "./services.ts";
import { tools } from "./tools/index.ts";

/** Everything this server offers besides the team's own tools. */
export const catalogue: Catalogue<Services> = {
  name: "jq-data-mcp",
  title: "jq Data",
  version: packageJson.version,
  instructions,
  tools,
  resources,
  defaultGroups: ["team"],
};
