import type { PromptDefinition } from "../prompt/define-prompt.ts";
import type { ResourceDefinition } from "../resource/define-resource.ts";
import type { AnyTool } from "./define-tool.ts";

/** Everything a server offers, free of any protocol SDK. */
export interface Catalogue<Services> {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  /** At most 1,800 characters for the model: how the tools work together. */
  readonly instructions: string;
  /** In the order they are listed. */
  readonly tools: readonly AnyTool<Services>[];
  readonly resources?: readonly ResourceDefinition<Services>[];
  readonly prompts?: readonly PromptDefinition<Services>[];
  /** Groups visible when nothing is configured. */
  readonly defaultGroups: readonly string[];
}

export interface Exposure {
  /** `["all"]` shows every group; absent: the catalogue's default. */
  readonly groups?: readonly string[];
  /** Wins over groups: hides every tool that is not read-only. */
  readonly readOnly?: boolean;
}

/** The tools a process serves at all, before any caller's scopes. Throws RangeError on an unknown group. */
export function exposedTools<Services>(
  catalogue: Catalogue<Services>,
  exposure: Exposure,
): AnyTool<Services>[] {
  const groups = exposure.groups ?? catalogue.defaultGroups;
  const known = new Set(catalogue.tools.map((tool) => tool.group));
  const unknown = groups.filter((group) => group !== "all" && !known.has(group));
  if (unknown.length > 0) {
    throw new RangeError(`unknown group ${unknown.join(", ")}; known: ${[...known].sort().join(", ")}, all`);
  }
  return catalogue.tools.filter(
    (tool) =>
      (groups.includes("all") || groups.includes(tool.group)) &&
      (!exposure.readOnly || tool.annotations.readOnlyHint),
  );
}
