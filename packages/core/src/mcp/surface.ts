import type { Tool } from "@modelcontextprotocol/server";
import type { Principal } from "../auth/principal.ts";
import { missingScopes } from "../auth/scopes.ts";
import type { Caller } from "../call/caller.ts";
import type { Reader } from "../call/run-read.ts";
import { isInAudience, type ServerEvent } from "../http/events.ts";
import type { Logger } from "../log/logger.ts";
import type { PromptDefinition } from "../prompt/define-prompt.ts";
import type { ResourceDefinition } from "../resource/define-resource.ts";
import type { Catalogue } from "../tool/catalogue.ts";
import type { AnyTool } from "../tool/define-tool.ts";
import { parseUriTemplate, type UriTemplate } from "./uri-template.ts";
import { toWireTool } from "./wire-tool.ts";

export interface SurfaceOptions<Services> {
  readonly catalogue: Catalogue<Services>;
  readonly caller: Caller<Services>;
  /** Handed to resources, prompts and completions. */
  readonly services: Services;
  /** Admits, limits and records reads of resources and prompts; absent: they just run. */
  readonly reader?: Reader | undefined;
  readonly log: Logger;
}

export interface MatchedResource<Services> {
  readonly definition: ResourceDefinition<Services>;
  readonly template: UriTemplate;
}

/** Everything a server shows, prepared once and shared by every connection. */
export interface Surface<Services> extends SurfaceOptions<Services> {
  readonly reader: Reader;
  readonly resources: readonly MatchedResource<Services>[];
  readonly prompts: readonly PromptDefinition<Services>[];
  readonly completes: boolean;
  wireTool(tool: AnyTool<Services>): Tool;
  /** Undefined when nothing of that shape exists for this caller. */
  findResource(
    uri: string,
    principal: Principal,
  ): { definition: ResourceDefinition<Services>; variables: Record<string, string> } | undefined;
  mayHear(event: ServerEvent, principal: Principal): boolean;
}

export function createSurface<Services>(options: SurfaceOptions<Services>): Surface<Services> {
  const resources = (options.catalogue.resources ?? []).map((definition) => ({
    definition,
    template: parseUriTemplate(definition.uriTemplate),
  }));
  const prompts = options.catalogue.prompts ?? [];
  const wireTools = new WeakMap<AnyTool<Services>, Tool>();

  const surface: Surface<Services> = {
    ...options,
    reader: options.reader ?? ((request) => request.work(request.signal)),
    resources,
    prompts,
    completes:
      resources.some(({ definition }) => definition.complete !== undefined) ||
      prompts.some(({ args }) => args.some((arg) => arg.complete !== undefined)),
    wireTool(tool) {
      const known = wireTools.get(tool);
      if (known !== undefined) return known;
      const made = toWireTool(tool as AnyTool<never>);
      wireTools.set(tool, made);
      return made;
    },
    findResource(uri, principal) {
      for (const { definition, template } of resources) {
        const variables = template.match(uri);
        if (variables === undefined || missingScopes(principal, definition.scopes).length > 0) continue;
        return { definition, variables };
      }
      return undefined;
    },
    mayHear(event, principal) {
      if (!isInAudience(event, principal)) return false;
      return event.kind !== "resource_updated" || surface.findResource(event.uri, principal) !== undefined;
    },
  };
  return surface;
}
