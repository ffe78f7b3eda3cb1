import { authRequired } from "./auth-required.ts";
import type { Principal } from "./principal.ts";
import { createProxyCheck, type ProxySettings } from "./proxy-check.ts";

/** The `auth.trusted_proxy` part of a configuration: who may say who calls, and how. */
export interface TrustedProxySettings extends ProxySettings {
  /** Header with the caller's id. */
  readonly header: string;
  readonly scopes: readonly string[];
}

interface Headers {
  get(name: string): string | null;
}

export interface TrustedProxy {
  /** Undefined unless the proxy itself sent the request: from anybody else the header says nothing. */
  principalOf(headers: Headers, peer: string | undefined): Principal | undefined;
}

/** CONFIG_ERROR without a way to know the proxy, or on an address that is none. */
export function createTrustedProxy(settings: TrustedProxySettings): TrustedProxy {
  const proxy = createProxyCheck(settings, "auth.trusted_proxy");
  return {
    principalOf(headers, peer) {
      const id = headers.get(settings.header);
      if (id === null || !proxy.sent(headers, peer)) return undefined;
      // Two headers of the name arrive joined by a comma; which one the proxy wrote cannot be told.
      if (!/^[\w.@+:|-]{1,200}$/.test(id)) throw authRequired("invalid");
      return { id: `proxy:${id}`, scopes: settings.scopes, method: "proxy" };
    },
  };
}
