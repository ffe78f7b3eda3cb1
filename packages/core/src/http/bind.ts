import { isIP } from "node:net";
import { ToolError } from "../error/tool-error.ts";

const loopbackNames = new Set(["localhost", "127.0.0.1", "::1"]);

export function isLoopback(host: string): boolean {
  const bare = unbracket(host);
  return loopbackNames.has(bare.toLowerCase()) || /^127\.\d+\.\d+\.\d+$/.test(bare);
}

/** Parses `HOST:PORT`, `:PORT` and `PORT`; IPv6 hosts in brackets. Throws CONFIG_ERROR. */
export function parseBind(text: string): { host: string; port: number } {
  const match = /^(?:(\[[^\]]+\]|[^:[\]]*):)?(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[2]);
  if (!match || port > 65_535) {
    throw new ToolError("CONFIG_ERROR", `"${text}" is not an address to listen on.`, {
      hint: "Write HOST:PORT, for example 127.0.0.1:8080, or :0 for any free port.",
    });
  }
  return { host: match[1] ? unbracket(match[1]) : "127.0.0.1", port };
}

/** Throws CONFIG_ERROR when anyone on the network could call without a credential. */
export function assertSafeBind(host: string, hasAuth: boolean): void {
  if (hasAuth || isLoopback(host)) return;
  throw new ToolError("CONFIG_ERROR", `Refusing to listen on ${host} without authentication.`, {
    hint: "Configure auth (API keys or JWT), or listen on 127.0.0.1.",
  });
}

/** As a Host header or URL writes it. */
export function hostForUrl(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

function unbracket(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}
