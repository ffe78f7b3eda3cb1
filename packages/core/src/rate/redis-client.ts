import type { Redis } from "ioredis";
import { ToolError } from "../error/tool-error.ts";

export interface RedisOptions {
  /** Milliseconds until a command that got no answer counts as failed. */
  readonly commandTimeoutMs?: number;
  readonly onError?: (error: unknown) => void;
}

/** A client that fails fast while Redis is away and reconnects by itself. Needs the optional peer ioredis. */
export async function openRedis(url: string, options: RedisOptions = {}): Promise<Redis> {
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url)) {
    throw new ToolError("CONFIG_ERROR", "The Redis URL is not a redis:// or rediss:// URL.", {
      hint: "Write it as redis://host:6379 or rediss://user:password@host:6379/0.",
    });
  }
  const { Redis } = await loadIoredis();
  const client = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: 2_000,
    commandTimeout: options.commandTimeoutMs ?? 1_000,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
  });
  client.on("error", (error) => options.onError?.(error));
  // Redis may come up later; until then commands fail and the caller's policy decides.
  await client.connect().catch(() => undefined);
  return client;
}

async function loadIoredis() {
  try {
    // A bundle has only the default export of a CommonJS module.
    return (await import("ioredis")).default;
  } catch (cause) {
    throw new ToolError(
      "CONFIG_ERROR",
      "Shared rate limits need the package ioredis, which is not installed.",
      {
        hint: "Install it next to the server: npm install ioredis@5",
        cause,
      },
    );
  }
}
