import { createHmac, randomUUID } from "node:crypto";
import type { Logger, Secret } from "@mcp-data/core";
import type { Database } from "../store/database.ts";

export interface Webhook {
  readonly url: string;
  readonly secret: Secret;
}

export interface Webhooks {
  /** Never waits for anybody. */
  send(event: string, data: Readonly<Record<string, unknown>>): void;
  close(): Promise<void>;
}

export interface WebhookOptions {
  readonly hooks: readonly Webhook[];
  readonly db: Database;
  readonly logger: Logger;
  readonly firstRetryMs?: number;
  readonly now?: () => number;
}

const maxAttempts = 8;
const timeoutMs = 5_000;
const keptFailures = 1_000;

/**
 * Deliveries survive a restart and are tried again ever later. Each is signed: X-Signature is sha256= and the HMAC of
 * the timestamp, a dot and the body.
 */
export function createWebhooks(options: WebhookOptions): Webhooks {
  const { hooks, db, logger, firstRetryMs = 1_000, now = Date.now } = options;
  const lines = new Map<string, { timer?: NodeJS.Timeout; working?: Promise<void> }>();
  const stopping = new AbortController();
  let closed = false;

  async function deliver(hook: Webhook, id: string, payload: string): Promise<void> {
    const at = Math.floor(now() / 1_000);
    const signature = createHmac("sha256", hook.secret.reveal()).update(`${at}.${payload}`).digest("hex");
    const response = await fetch(hook.url, {
      method: "POST",
      redirect: "error",
      headers: {
        "content-type": "application/json",
        "x-delivery": id,
        "x-timestamp": String(at),
        "x-signature": `sha256=${signature}`,
      },
      body: payload,
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), stopping.signal]),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
  }

  /** Each receiver has a line of its own: none waits for another. */
  async function work(hook: Webhook): Promise<void> {
    for (;;) {
      const next = db.get<{ id: string; body: string; attempts: number }>(
        `SELECT id, body, attempts FROM deliveries WHERE failed_at IS NULL AND next_at <= ? AND body ->> 'hook' = ?
         ORDER BY next_at, id LIMIT 1`,
        now(),
        hook.url,
      );
      if (next === undefined || closed) return;
      const { payload } = JSON.parse(next.body) as { payload: string };
      try {
        await deliver(hook, next.id, payload);
        db.run("DELETE FROM deliveries WHERE id = ?", next.id);
      } catch (err) {
        if (closed) return;
        failed(next.id, next.attempts + 1, err);
      }
    }
  }

  function failed(id: string, attempts: number, err: unknown): void {
    if (attempts < maxAttempts) {
      const wait = firstRetryMs * 3 ** (attempts - 1);
      db.run("UPDATE deliveries SET attempts = ?, next_at = ? WHERE id = ?", attempts, now() + wait, id);
      return;
    }
    logger.warn("a webhook was given up", { delivery: id, err });
    const at = new Date(now()).toISOString();
    db.run("UPDATE deliveries SET failed_at = ?, attempts = ? WHERE id = ?", at, attempts, id);
    db.run(
      "DELETE FROM deliveries WHERE failed_at < (SELECT failed_at FROM deliveries WHERE failed_at IS NOT NULL ORDER BY failed_at DESC LIMIT 1 OFFSET ?)",
      keptFailures,
    );
  }

  function kick(hook: Webhook): void {
    const line = lines.get(hook.url) ?? {};
    lines.set(hook.url, line);
    clearTimeout(line.timer);
    if (closed) return;
    line.working ??= work(hook).finally(() => {
      delete line.working;
      const soonest = closed
        ? undefined
        : db.get<{ at: number | null }>(
            "SELECT min(next_at) AS at FROM deliveries WHERE failed_at IS NULL AND body ->> 'hook' = ?",
            hook.url,
          )?.at;
      if (typeof soonest !== "number") return;
      line.timer = setTimeout(() => kick(hook), Math.max(10, soonest - now()));
      line.timer.unref();
    });
  }

  for (const hook of hooks) kick(hook);
  return {
    send(event, data) {
      for (const hook of hooks) {
        const payload = JSON.stringify({ event, at: new Date(now()).toISOString(), data });
        db.run(
          "INSERT INTO deliveries (id, body, next_at) VALUES (?, ?, ?)",
          randomUUID(),
          JSON.stringify({ hook: hook.url, payload }),
          now(),
        );
        // After whoever sends is done.
        setImmediate(() => kick(hook));
      }
    },
    async close() {
      closed = true;
      stopping.abort();
      for (const { timer } of lines.values()) clearTimeout(timer);
      await Promise.all([...lines.values()].map(({ working }) => working));
    },
  };
}
