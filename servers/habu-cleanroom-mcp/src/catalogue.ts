import type { Catalogue } from "@mcp-data/core";
import packageJson from "../package.json" with { type: "json" };
import { missingPermission } from "./client/permission.ts";
import { defaultGroups } from "./groups.ts";
import { instructionsFor } from "./instructions.ts";
import type { Services } from "./services.ts";
import { tools } from "./tools/index.ts";

export const serverName = "habu-cleanroom-mcp";
export const serverVersion = packageJson.version;

/** Everything this server offers, without the tools that a token with these permissions clearly cannot use. */
export function catalogueFor(
  environment: string,
  permissions?: readonly string[],
  readOnly = false,
): Catalogue<Services> {
  const usable = tools.filter(
    ({ needs }) => needs.length === 0 || needs.some((id) => missingPermission(id, permissions) === undefined),
  );
  const groups = new Set(usable.map(({ group }) => group));
  return {
    name: serverName,
    title: "Habu Clean Rooms",
    version: serverVersion,
    instructions: instructionsFor(environment),
    tools: usable.map((tool) => (readOnly ? (tool.whenReadOnly ?? tool) : tool)),
    // A group all of whose tools are hidden is not unknown.
    defaultGroups: defaultGroups.filter((group) => groups.has(group)),
  };
}

export const catalogue: Catalogue<Services> = catalogueFor("api.habu.com");
