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

/**
 * Deliveries survive a restart and are tried again ever later. Each is signed: X-Signature is sha256= and the HMAC of
 * the timestamp, a dot and the body.
 */
export function createWebhooks(options: WebhookOptions): Webhooks {
  const { hooks, db, logger, firstRetryMs = 1_000, now = Date.now } = options;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;
  let closed = false;

  async function deliver(hook: Webhook, id: string, payload: string): Promise<void> {
    const at = Math.floor(now() / 1_000);
    const signature = createHmac("sha256", hook.secret.reveal()).update(`${at}.${payload}`).digest("hex");
    const response = await fetch(hook.url, {
      method: "POST",
      redirect: "error",
      headers: { "content-type": "application/json", "x-delivery": id, "x-timestamp": String(at), "x-signature": `sha256=${signature}` },
      body: payload,
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
  }

  async function work(): Promise<void> {
    for (;;) {
      const next = db.get<{ id: string; body: string; attempts: number }>(
        "SELECT id, body, attempts FROM deliveries WHERE failed_at IS NULL AND next_at <= ? ORDER BY next_at, id LIMIT 1", now(),
      );
      if (next === undefined || closed) return;
      const { hook: index, payload } = JSON.parse(next.body) as { hook: string; payload: string };
      const hook = hooks.find(({ url }) => url === index);
      try {
        if (hook !== undefined) await deliver(hook, next.id, payload);
        db.run("DELETE FROM deliveries WHERE id = ?", next.id);
      } catch (err) {
        const attempts = next.attempts + 1;
        if (attempts >= maxAttempts) {
          logger.warn("a webhook was given up", { delivery: next.id, err });
          db.run("UPDATE deliveries SET failed_at = ?, attempts = ? WHERE id = ?", new Date(now()).toISOString(), attempts, next.id);
        } else {
          db.run("UPDATE deliveries SET attempts = ?, next_at = ? WHERE id = ?", attempts, now() + firstRetryMs * 3 ** (attempts - 1), next.id);
        }
      }
    }
  }

  const kick = () => {
    clearTimeout(timer);
    if (closed) return;
    working ??= work().finally(() => {
      working = undefined;
      const soonest = closed ? undefined : db.get<{ at: number | null }>("SELECT min(next_at) AS at FROM deliveries WHERE failed_at IS NULL")?.at;
      if (typeof soonest !== "number") return;
      timer = setTimeout(kick, Math.max(10, soonest - now()));
      timer.unref();
    });
  };
  if (hooks.length > 0) kick();
  return {
    send(event, data) {
      for (const { url } of hooks) {
        const payload = JSON.stringify({ event, at: new Date(now()).toISOString(), data });
        db.run("INSERT INTO deliveries (id, body, next_at) VALUES (?, ?, ?)", randomUUID(), JSON.stringify({ hook: url, payload }), now());
      }
      if (hooks.length > 0) kick();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await working;
    },
  };
}
