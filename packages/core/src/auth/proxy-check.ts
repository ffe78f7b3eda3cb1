import { timingSafeEqual } from "node:crypto";
import { BlockList, isIP } from "node:net";
import { ToolError } from "../error/tool-error.ts";
import { sha256 } from "./key-hash.ts";

/** What tells a proxy of the operator from everybody else; where both are given both must fit. */
export interface ProxySettings {
  /** Addresses or CIDR ranges of the proxy. */
  readonly peers?: readonly string[] | undefined;
  /** The proxy proves itself with this in `secret_header`. */
  readonly secret?: { reveal(): string } | undefined;
  readonly secret_header: string;
}

interface Headers {
  get(name: string): string | null;
}

export interface ProxyCheck {
  /** Whether the proxy itself sent the request: from anybody else its headers say nothing. */
  sent(headers: Headers, peer: string | undefined): boolean;
}

/** CONFIG_ERROR, naming `field`, without a way to know the proxy, or on an address that is none. */
export function createProxyCheck(settings: ProxySettings, field: string): ProxyCheck {
  if (settings.peers === undefined && settings.secret === undefined) {
    throw new ToolError("CONFIG_ERROR", `${field}: nothing tells the proxy from anybody else.`, {
      hint: "Add peers (its addresses) or secret.",
    });
  }
  const peers = settings.peers === undefined ? undefined : blockList(settings.peers, field);
  const secret = settings.secret === undefined ? undefined : sha256(settings.secret.reveal());
  return {
    sent(headers, peer) {
      if (peers !== undefined && !isListed(peers, peer)) return false;
      return (
        secret === undefined || timingSafeEqual(sha256(headers.get(settings.secret_header) ?? ""), secret)
      );
    },
  };
}

function blockList(peers: readonly string[], field: string): BlockList {
  const list = new BlockList();
  for (const [at, peer] of peers.entries()) {
    const [address = "", bits, ...rest] = peer.split("/");
    const version = isIP(address);
    const length = bits === undefined ? (version === 6 ? 128 : 32) : Number(bits);
    if (
      version === 0 ||
      bits === "" ||
      rest.length > 0 ||
      !Number.isInteger(length) ||
      length < 0 ||
      length > (version === 6 ? 128 : 32)
    ) {
      throw new ToolError("CONFIG_ERROR", `${field}.peers[${at}]: not an address or CIDR range.`, {
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
