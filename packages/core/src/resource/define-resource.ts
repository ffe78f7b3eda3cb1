import type { Principal } from "../auth/principal.ts";

/** What reading, listing and completing carry. */
export interface ReadContext<Services> {
  readonly services: Services;
  readonly principal: Principal;
  readonly signal: AbortSignal;
}

export interface ListedResource {
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
}

export interface ResourceContent {
  readonly mimeType: string;
  readonly text: string;
}

/** A family of resources under one RFC 6570 level-1 template; a template without variables is one resource. */
export interface ResourceDefinition<Services> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly uriTemplate: string;
  readonly mimeType: string;
  readonly scopes: readonly string[];
  list?(context: ReadContext<Services>): Promise<readonly ListedResource[]>;
  /** Throws a NOT_FOUND ToolError for a URI nothing stands behind. */
  read(variables: Readonly<Record<string, string>>, context: ReadContext<Services>): Promise<ResourceContent>;
  /** Per template variable: values that start with, or are near, what was typed. */
  readonly complete?: Readonly<Record<string, Completer<Services>>>;
}

/** `others` holds the sibling arguments already filled in. */
export type Completer<Services> = (
  typed: string,
  context: ReadContext<Services>,
  others: Readonly<Record<string, string>>,
) => Promise<readonly string[]>;

export function defineResource<Services>(
  definition: ResourceDefinition<Services>,
): ResourceDefinition<Services> {
  return definition;
}
