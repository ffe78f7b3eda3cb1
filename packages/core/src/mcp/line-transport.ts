import type { Readable, Writable } from "node:stream";
import {
  type JSONRPCMessage,
  type RequestId,
  SdkError,
  SdkErrorCode,
  type Transport,
} from "@modelcontextprotocol/server";
import { readInbound } from "./inbound-message.ts";
import { createLineFraming } from "./line-framing.ts";

export interface LineTransportOptions {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly maxMessageBytes: number;
  /** How long calls may still finish after the input ended. */
  readonly graceMs: number;
  readonly onClosed: () => void;
}

/** Bytes of unread answers at which no further requests are read. */
const maxUnreadBytes = 16_000_000;

/**
 * JSON-RPC by lines. Unlike the SDK's own transport it answers what it cannot read, survives a message that is
 * too large, stops reading while its client does not, and lets quick calls finish when the input ends.
 */
export function createLineTransport(options: LineTransportOptions): Transport {
  const { stdin, stdout } = options;
  const framing = createLineFraming(options.maxMessageBytes);
  const unanswered = new Set<RequestId>();
  let state: "new" | "open" | "ending" | "closed" = "new";
  let grace: NodeJS.Timeout | undefined;
  let corked = false;

  const write = (message: object) => {
    if (!corked) {
      corked = true;
      stdout.cork();
      // One system call for the answers of all sockets that were ready together: a write costs more than an answer.
      setImmediate(() => {
        corked = false;
        stdout.uncork();
      });
    }
    stdout.write(`${JSON.stringify(message)}\n`);
    if (stdout.writableLength > maxUnreadBytes && state === "open") {
      stdin.pause();
      stdout.once("drain", () => {
        if (state === "open") stdin.resume();
      });
    }
  };

  const onData = (chunk: Buffer) => {
    for (const line of framing.push(chunk)) {
      const inbound = readInbound(line, options.maxMessageBytes);
      if ("rejection" in inbound) write(inbound.rejection);
      else receive(inbound.message);
    }
  };

  const receive = (message: JSONRPCMessage) => {
    if ("method" in message) {
      if ("id" in message && message.method !== "subscriptions/listen") unanswered.add(message.id);
      else if (message.method === "notifications/cancelled") {
        unanswered.delete((message.params as { requestId?: RequestId } | undefined)?.requestId ?? "");
      }
    }
    transport.onmessage?.(message);
  };

  const onEnd = () => {
    if (state !== "open") return;
    state = "ending";
    if (unanswered.size === 0) void transport.close();
    else grace = setTimeout(() => void transport.close(), options.graceMs);
  };

  const onOutputError = (error: Error) => {
    if (state === "closed") return;
    transport.onerror?.(error);
    void transport.close();
  };

  const transport: Transport = {
    async start() {
      if (state !== "new")
        throw new SdkError(SdkErrorCode.AlreadyConnected, "The transport was started before.");
      state = "open";
      stdin.on("data", onData);
      stdin.on("end", onEnd);
      stdin.on("close", onEnd);
      stdin.on("error", onEnd);
      stdout.on("error", onOutputError);
      if (stdin.readableEnded || stdin.destroyed) setImmediate(onEnd);
    },
    async send(message) {
      if (state === "closed") throw new SdkError(SdkErrorCode.ConnectionClosed, "The client is gone.");
      write(message);
      if ("method" in message) return;
      unanswered.delete((message as { id: RequestId }).id);
      if (state === "ending" && unanswered.size === 0) void transport.close();
    },
    async close() {
      if (state === "closed") return;
      state = "closed";
      clearTimeout(grace);
      stdin.off("data", onData);
      stdin.pause();
      transport.onclose?.();
      options.onClosed();
    },
  };
  return transport;
}
