import { isIP } from "node:net";
import { hostForUrl, isLoopback } from "./bind.ts";
import { refuse } from "./refusal.ts";

export interface GuardOptions {
  /** The address listened on. */
  readonly host: string;
  /** Further host names clients may use, without port. */
  readonly allowedHosts?: readonly string[];
  /** Further origins of browser pages that may call, such as `https://app.example.com`. */
  readonly allowedOrigins?: readonly string[];
}

export interface Guard {
  /** The refusal, or undefined when the request may go on. */
  checkHost(headers: Headers): Response | undefined;
  checkOrigin(headers: Headers): Response | undefined;
  /** CORS headers for a browser page that passed `checkOrigin`; empty for everyone else. */
  cors(headers: Headers): Record<string, string>;
}

/** Stops DNS rebinding (Host) and pages of other sites (Origin); an absent Origin is no browser and passes. */
export function createGuard(options: GuardOptions): Guard {
  const loopback = isLoopback(options.host);
  const hosts = new Set(["localhost", "127.0.0.1", "[::1]", hostForUrl(options.host).toLowerCase()]);
  for (const host of options.allowedHosts ?? []) hosts.add(host.toLowerCase());
  const origins = new Set((options.allowedOrigins ?? []).map((origin) => normalOrigin(origin) ?? origin));

  const originAllowed = (origin: string): boolean => {
    const normal = normalOrigin(origin);
    if (normal === undefined) return false;
    return origins.has(normal) || (loopback && isLoopback(new URL(normal).hostname));
  };

  return {
    checkHost(headers) {
      const host = headers.get("host");
      const name = host === null ? undefined : hostname(host);
      // Rebinding needs a name that resolves to us, so an address cannot be part of it.
      const plainAddress = name !== undefined && !loopback && isIP(name.replace(/^\[|\]$/g, "")) !== 0;
      if (name !== undefined && (plainAddress || hosts.has(name))) return undefined;
      return refuse("PERMISSION_DENIED", "This Host is not served here.", {
        hint: "Use the address the server printed, or add the name to allowed_hosts.",
      });
    },
    checkOrigin(headers) {
      const origin = headers.get("origin");
      if (origin === null || originAllowed(origin)) return undefined;
      return refuse("PERMISSION_DENIED", "Pages of this origin may not call this server.", {
        hint: "Add the origin to allowed_origins if you trust it.",
      });
    },
    cors(headers) {
      const origin = headers.get("origin");
      if (origin === null || !originAllowed(origin)) return {};
      return {
        "access-control-allow-origin": origin,
        "access-control-expose-headers": "mcp-session-id, mcp-protocol-version, www-authenticate",
        vary: "origin",
      };
    },
  };
}

/** What a preflight of an allowed origin may do. */
export const preflightHeaders: Readonly<Record<string, string>> = {
  "access-control-allow-methods": "GET, POST, DELETE",
  "access-control-allow-headers":
    "authorization, content-type, accept, last-event-id, mcp-session-id, mcp-protocol-version, mcp-method, mcp-name, x-api-key",
  "access-control-max-age": "600",
};

function hostname(hostHeader: string): string | undefined {
  if (!/^[^\s/@?#\\]+$/.test(hostHeader) || !URL.canParse(`http://${hostHeader}`)) return undefined;
  return new URL(`http://${hostHeader}`).hostname;
}

function normalOrigin(origin: string): string | undefined {
  if (!URL.canParse(origin)) return undefined;
  const url = new URL(origin);
  return url.protocol === "http:" || url.protocol === "https:" ? url.origin : undefined;
}
