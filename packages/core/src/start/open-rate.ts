import type { Logger } from "../log/logger.ts";
import { createAdmissionGate, type RateGate } from "../rate/admission.ts";
import { openRedisCounter } from "../rate/redis-counter.ts";
import type { WindowLimits } from "../rate/windows.ts";
import type { ServerSettings } from "./settings.ts";

export interface OpenRateGate {
  readonly gate: RateGate;
  /** With Redis: rejects while it does not answer. */
  readonly ping?: () => Promise<void>;
  close(): Promise<void>;
}

export interface OpenRateOptions {
  readonly server: string;
  /** Windows per caller when none are configured; absent: nothing is limited unless the settings say so. */
  readonly byDefault: WindowLimits | undefined;
  readonly logger: Logger;
}

/** The gate the settings ask for; undefined when nothing is limited. */
export async function openRateGate(
  settings: ServerSettings["rate_limits"],
  options: OpenRateOptions,
): Promise<OpenRateGate | undefined> {
  const enabled = settings?.enabled ?? (settings !== undefined || options.byDefault !== undefined);
  if (!enabled) return undefined;
  const slots = settings?.concurrency;
  const redis = settings?.redis_url;
  const counter =
    redis === undefined
      ? undefined
      : await openRedisCounter({
          url: redis.reveal(),
          prefix: `mcp-data:${options.server}`,
          whenDown: settings?.redis_down ?? "memory",
          onChange: (state, err) => options.logger.warn(`rate limits: Redis is ${state}`, { err }),
        });
  const gate = createAdmissionGate({
    principal: windowsOf(settings?.principal) ?? options.byDefault ?? {},
    ...(settings?.source === undefined ? {} : { source: windowsOf(settings.source) ?? {} }),
    slots: {
      ...perPrincipal(slots?.per_principal, options.byDefault),
      ...(slots?.per_source === undefined ? {} : { perSource: slots.per_source }),
      ...(slots?.queue === undefined ? {} : { maxWaiting: slots.queue }),
      ...(slots?.wait_ms === undefined ? {} : { maxWaitMs: slots.wait_ms }),
    },
    ...(counter === undefined ? {} : { counter }),
  });
  return {
    gate,
    ...(counter === undefined ? {} : { ping: () => counter.ping() }),
    close: async () => counter?.close(),
  };
}

/** Over HTTP one caller does not fill a source's default four places and leave the others waiting. */
function perPrincipal(configured: number | undefined, byDefault: WindowLimits | undefined) {
  const slots = configured ?? (byDefault === undefined ? undefined : 3);
  return slots === undefined ? {} : { perPrincipal: slots };
}

function windowsOf(windows: { readonly [K in "minute" | "hour" | "day"]?: number | undefined } | undefined) {
  if (windows === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(windows).filter(([, limit]) => limit !== undefined),
  ) as WindowLimits;
}
