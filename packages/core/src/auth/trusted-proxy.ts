import { timingSafeEqual } from "node:crypto";
import { BlockList, isIP } from "node:net";
import { ToolError } from "../error/tool-error.ts";
import { authRequired } from "./auth-required.ts";
import { sha256 } from "./key-hash.ts";
import type { Principal } from "./principal.ts";

/** The `auth.trusted_proxy` part of a configuration: who may say who calls, and how. */
export interface TrustedProxySettings {
  /** Header with the caller's id. */
  readonly header: string;
  /** Addresses or CIDR ranges of the proxy. */
  readonly peers?: readonly string[] | undefined;
  /** The proxy proves itself with this in `secret_header`. */
  readonly secret?: { reveal(): string } | undefined;
  readonly secret_header: string;
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
  if (settings.peers === undefined && settings.secret === undefined) {
    throw new ToolError("CONFIG_ERROR", "auth.trusted_proxy: nothing tells the proxy from anybody else.", {
      hint: "Add peers (its addresses) or secret.",
    });
  }
  const peers = settings.peers === undefined ? undefined : blockList(settings.peers);
  const secret = settings.secret === undefined ? undefined : sha256(settings.secret.reveal());
  return {
    principalOf(headers, peer) {
      const id = headers.get(settings.header);
      if (id === null) return undefined;
      if (peers !== undefined && !isListed(peers, peer)) return undefined;
      if (secret !== undefined && !timingSafeEqual(sha256(headers.get(settings.secret_header) ?? ""), secret))
        return undefined;
      // Two headers of the name arrive joined by a comma; which one the proxy wrote cannot be told.
      if (!/^[\w.@+:|-]{1,200}$/.test(id)) throw authRequired("invalid");
      return { id: `proxy:${id}`, scopes: settings.scopes, method: "proxy" };
    },
  };
}

function blockList(peers: readonly string[]): BlockList {
  const list = new BlockList();
  for (const [at, peer] of peers.entries()) {
    const [address = "", bits, ...rest] = peer.split("/");
    const version = isIP(address);
    const length = bits === undefined ? (version === 6 ? 128 : 32) : Number(bits);
    if (
      version === 0 ||
      rest.length > 0 ||
      !Number.isInteger(length) ||
      length < 0 ||
      length > (version === 6 ? 128 : 32)
    ) {
      throw new ToolError("CONFIG_ERROR", `auth.trusted_proxy.peers[${at}]: not an address or CIDR range.`, {
        hint: "Write 10.0.0.5 or 10.0.0.0/24.",
      });
    }
    list.addSubnet(address, length, version === 6 ? "ipv6" : "ipv4");
  }
  return list;
}

function isListed(list: BlockList, peer: string | undefined): boolean {
  if (peer === undefined) return false;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(peer)?.[1] ?? peer;
  const version = isIP(mapped);
  return version !== 0 && list.check(mapped, version === 6 ? "ipv6" : "ipv4");
}
