import {
  type Resource,
  ResourceNotFoundError,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { missingScopes } from "../auth/scopes.ts";
import type { ReadContext } from "../resource/define-resource.ts";
import type { PrincipalOf } from "./bind.ts";
import { decodePlace, encodePlace } from "./list-cursor.ts";
import { answering, invalidParams } from "./rpc-error.ts";
import type { MatchedResource, Surface } from "./surface.ts";

/** Entries of one page of resources/list. */
const pageSize = 500;
/** Subscriptions one session may hold. */
const maxSubscriptions = 1_000;

/** `subscribed` is the session's own set; the 2026 revision subscribes elsewhere and never touches it. */
export function serveResources<Services>(
  server: Server,
  surface: Surface<Services>,
  principalOf: PrincipalOf,
  subscribed: Set<string>,
): void {
  const { log } = surface;
  const contextOf = (ctx: ServerContext): ReadContext<Services> => ({
    services: surface.services,
    principal: principalOf(ctx),
    signal: ctx.mcpReq.signal,
  });
  const visibleTo = (context: ReadContext<Services>) =>
    surface.resources.filter(
      ({ definition }) => missingScopes(context.principal, definition.scopes).length === 0,
    );

  server.setRequestHandler("resources/list", ({ params }, ctx) =>
    answering(log, "resources/list", undefined, async () => {
      const context = contextOf(ctx);
      const lists = visibleTo(context);
      const from = decodePlace(params?.cursor);
      const resources: Resource[] = [];
      for (let list = from.list; list < lists.length; list += 1) {
        const items = await listOne(lists[list] as MatchedResource<Services>, context);
        const start = list === from.list ? from.item : 0;
        const room = pageSize - resources.length;
        resources.push(...items.slice(start, start + room));
        if (items.length - start > room) {
          return { resources, nextCursor: encodePlace({ list, item: start + room }) };
        }
      }
      return { resources };
    }),
  );

  server.setRequestHandler("resources/templates/list", (_request, ctx) => ({
    resourceTemplates: visibleTo(contextOf(ctx))
      .filter(({ template }) => template.variables.length > 0)
      .map(({ definition }) => ({
        name: definition.name,
        title: definition.title,
        description: definition.description,
        uriTemplate: definition.uriTemplate,
        mimeType: definition.mimeType,
      })),
  }));

  server.setRequestHandler("resources/read", ({ params: { uri } }, ctx) =>
    answering(log, "resources/read", uri, async () => {
      const context = contextOf(ctx);
      const found = surface.findResource(uri, context.principal);
      if (found === undefined) throw new ResourceNotFoundError(uri);
      const { mimeType, text } = await surface.reader({
        method: "resources/read",
        target: uri,
        principal: context.principal,
        signal: context.signal,
        work: (signal) => found.definition.read(found.variables, { ...context, signal }),
        size: (content) => content.text.length,
      });
      return { contents: [{ uri, mimeType, text }] };
    }),
  );

  server.setRequestHandler("resources/subscribe", ({ params: { uri } }, ctx) => {
    if (surface.findResource(uri, principalOf(ctx)) === undefined) throw new ResourceNotFoundError(uri);
    if (subscribed.size >= maxSubscriptions && !subscribed.has(uri)) {
      throw invalidParams(`A session may watch at most ${maxSubscriptions} resources.`);
    }
    subscribed.add(uri);
    return {};
  });

  server.setRequestHandler("resources/unsubscribe", ({ params: { uri } }) => {
    subscribed.delete(uri);
    return {};
  });
}

async function listOne<Services>(
  { definition, template }: MatchedResource<Services>,
  context: ReadContext<Services>,
): Promise<readonly Resource[]> {
  if (definition.list !== undefined) {
    return (await definition.list(context)).map((item) => ({ mimeType: definition.mimeType, ...item }));
  }
  if (template.variables.length > 0) return [];
  const { name, title, description, mimeType, uriTemplate } = definition;
  return [{ uri: uriTemplate, name, title, description, mimeType }];
}
