import type { Principal } from "../auth/principal.ts";
import { missingScopes } from "../auth/scopes.ts";

/** Who may hear an event; every named part must fit. Absent: everyone. */
export interface Audience {
  readonly principal?: string;
  readonly tenant?: string;
  readonly scopes?: readonly string[];
}

/** Plain data, so that instances can share it. */
export type ServerEvent = { readonly audience?: Audience } & (
  | { readonly kind: "tools_changed" | "prompts_changed" | "resources_changed" }
  | { readonly kind: "resource_updated"; readonly uri: string }
  | { readonly kind: "notice"; readonly name: string; readonly data: Readonly<Record<string, unknown>> }
);

/** What happened in the server, told to MCP clients of both eras and to `/events`. */
export interface EventHub {
  publish(event: ServerEvent): void;
  /** Returns the way to stop hearing. */
  subscribe(listener: (event: ServerEvent) => void): () => void;
}

/** An event hub of this process; a listener that throws does not keep the others from hearing. */
export function createEventHub(onError: (error: unknown) => void = () => undefined): EventHub {
  const listeners = new Set<(event: ServerEvent) => void>();
  return {
    publish(event) {
      for (const listener of [...listeners]) {
        try {
          listener(event);
        } catch (error) {
          onError(error);
        }
      }
    },
    subscribe(listener) {
      const own = (event: ServerEvent) => listener(event);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}

export function isInAudience(event: ServerEvent, principal: Principal): boolean {
  const { audience } = event;
  if (audience === undefined) return true;
  if (audience.principal !== undefined && audience.principal !== principal.id) return false;
  if (audience.tenant !== undefined && audience.tenant !== principal.tenant) return false;
  return missingScopes(principal, audience.scopes ?? []).length === 0;
}
