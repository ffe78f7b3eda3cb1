import { createHmac } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Secret } from "@mcp-data/core";
import axios from "axios";
import type { Alert } from "./look.ts";

export interface Webhook {
  readonly url: string;
  readonly secret: Secret;
}

const attempts = 4;

/** Posts alerts with `x-signature: t=SECONDS,v1=HMAC-SHA256(secret, "SECONDS.BODY")`. False when nobody took them. */
export async function postAlerts(
  webhook: Webhook,
  alerts: readonly Alert[],
  now: number,
  backoffMs = 1_000,
): Promise<boolean> {
  const body = JSON.stringify({ server: "habu-cleanroom-mcp", at: new Date(now).toISOString(), alerts });
  const seconds = Math.floor(now / 1_000);
  const mac = createHmac("sha256", webhook.secret.reveal()).update(`${seconds}.${body}`).digest("hex");
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const reply = await axios
      .post(webhook.url, body, {
        headers: { "Content-Type": "application/json", "x-signature": `t=${seconds},v1=${mac}` },
        timeout: 10_000,
        maxRedirects: 0,
        validateStatus: () => true,
      })
      .catch(() => undefined);
    if (reply !== undefined && reply.status < 300) return true;
    if (reply !== undefined && reply.status >= 400 && reply.status < 500 && reply.status !== 429)
      return false;
    if (attempt < attempts) await delay(backoffMs * 2 ** (attempt - 1));
  }
  return false;
}
