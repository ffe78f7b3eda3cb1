import type { Server } from "@modelcontextprotocol/server";
import type { Principal } from "../auth/principal.ts";
import { missingScopes } from "../auth/scopes.ts";
import type { Completer } from "../resource/define-resource.ts";
import type { PrincipalOf } from "./bind.ts";
import { answering, invalidParams } from "./rpc-error.ts";
import type { Surface } from "./surface.ts";

/** The protocol's own limit. */
const maxValues = 100;

type Reference = { type: "ref/prompt"; name: string } | { type: "ref/resource"; uri: string };

export function serveCompletion<Services>(
  server: Server,
  surface: Surface<Services>,
  principalOf: PrincipalOf,
): void {
  server.setRequestHandler("completion/complete", ({ params }, ctx) =>
    answering(surface.log, "completion/complete", undefined, async () => {
      const principal = principalOf(ctx);
      const complete = findCompleter(surface, principal, params.ref as Reference, params.argument.name);
      const context = { services: surface.services, principal, signal: ctx.mcpReq.signal };
      const values = await complete?.(params.argument.value, context, params.context?.arguments ?? {});
      const all = values ?? [];
      return {
        completion: { values: all.slice(0, maxValues), total: all.length, hasMore: all.length > maxValues },
      };
    }),
  );
}

/** Undefined when the argument exists and offers no completion. */
function findCompleter<Services>(
  surface: Surface<Services>,
  principal: Principal,
  ref: Reference,
  argument: string,
): Completer<Services> | undefined {
  if (ref.type === "ref/prompt") {
    const prompt = surface.prompts.find(({ name }) => name === ref.name);
    if (prompt === undefined || missingScopes(principal, prompt.scopes).length > 0) {
      throw invalidParams(`Unknown prompt: ${ref.name.slice(0, 80)}`);
    }
    return prompt.args.find(({ name }) => name === argument)?.complete;
  }
  const resource = surface.resources.find(({ definition }) => definition.uriTemplate === ref.uri);
  if (resource === undefined || missingScopes(principal, resource.definition.scopes).length > 0) {
    throw invalidParams(`Unknown resource template: ${ref.uri.slice(0, 200)}`);
  }
  return resource.definition.complete?.[argument];
}
