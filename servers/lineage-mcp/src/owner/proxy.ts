import { connect, type Socket } from "node:net";
import { type ErrorCode, ToolError } from "@mcp-data/core";
import type { Freshness, Memory, MemoryStatus, QueryAnswer, Record_ } from "../store/memory.ts";
import { socketPath } from "./socket-path.ts";

export interface Proxy extends Memory {
  /** Resolves when the owner is gone. */
  readonly lost: Promise<void>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Asks the process that owns the database. Rejects when nobody listens. */
export async function openProxy(path: string): Promise<Proxy> {
  const socket = await dial(socketPath(path));
  socket.unref();
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(notebooks: readonly string[]) => void>();
  let ids = 0;
  let buffer = "";
  let gone: () => void = () => undefined;
  const lost = new Promise<void>((resolve) => {
    gone = resolve;
  });
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    buffer += text;
    for (let end = buffer.indexOf("\n"); end >= 0; end = buffer.indexOf("\n")) {
      const line = buffer.slice(0, end);
      buffer = buffer.slice(end + 1);
      receive(JSON.parse(line) as Message);
    }
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    for (const one of waiting.values()) one.reject(ownerGone());
    waiting.clear();
    gone();
  });

  function receive(message: Message): void {
    if (message.changed !== undefined) {
      for (const listener of [...listeners]) listener(message.changed);
      return;
    }
    const one = waiting.get(message.id ?? -1);
    waiting.delete(message.id ?? -1);
    if (message.error === undefined) one?.resolve(message.result);
    else {
      const { code, message: text, hint, details } = message.error;
      one?.reject(
        new ToolError(code, text, {
          ...(hint === undefined ? {} : { hint }),
          ...(details === undefined ? {} : { details }),
        }),
      );
    }
  }

  function ask<T>(method: string, params: readonly unknown[], signal?: AbortSignal): Promise<T> {
    if (socket.destroyed) return Promise.reject(ownerGone());
    const id = ++ids;
    return new Promise<T>((resolve, reject) => {
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      signal?.addEventListener(
        "abort",
        () => socket.write(`${JSON.stringify({ id: ++ids, method: "cancel", params: [id] })}\n`),
        { once: true },
      );
      socket.write(`${JSON.stringify({ id, method, params })}\n`);
    });
  }

  return {
    lost,
    rows: (sql, params = []) => ask<Record_[]>("rows", [sql, params]),
    query: (sql, limits, signal) => ask<QueryAnswer>("query", [sql, limits], signal),
    fresh: () => ask<Freshness>("fresh", []),
    status: async () => ({
      ...(await ask<MemoryStatus>("status", [])),
      role: "follower",
      tailer: "elsewhere",
    }),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      socket.destroy();
    },
  };
}

interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { code: ErrorCode; message: string; hint?: string; details?: Record<string, unknown> };
  readonly changed?: readonly string[];
}

function dial(address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}

function ownerGone(): ToolError {
  return new ToolError(
    "UNAVAILABLE",
    "The process that held the lineage database has gone; this one is taking over.",
    {
      hint: "Ask again in a moment.",
      retryAfterMs: 500,
      details: { reason: "owner_gone" },
    },
  );
}
