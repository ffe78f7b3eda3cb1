import { join } from "node:path";
import { isToolError, type Logger, ToolError } from "@mcp-data/core";
import { z } from "zod";
import { readConfig } from "../config.ts";
import { createServices } from "../create-services.ts";
import type { Services } from "../services.ts";
import { openJsonFile } from "../state/json-file.ts";
import { lookAround } from "./look.ts";
import { postAlerts, type Webhook } from "./post.ts";

/** Lists of runs may be read this often; nothing is read oftener. */
const watchGapMs = 15 * 60_000;

const words = z.record(z.string(), z.string());
const seenSchema = z.object({
  seen: z
    .object({
      connections: words,
      invitations: words,
      failedRuns: z.array(z.string()),
      flags: z.array(z.string()),
    })
    .optional(),
});

/** Looks every 15 minutes and posts what got worse, until a signal; with `once`, one look. */
export async function runWatch(options: {
  file: string | undefined;
  once: boolean;
  logger: Logger;
}): Promise<void> {
  const { logger } = options;
  const config = readConfig({ file: options.file, flags: [] });
  if (config.webhook === undefined) {
    throw new ToolError("CONFIG_ERROR", "webhook: watch has nowhere to post.", {
      hint: "Set HABU_WEBHOOK_URL and HABU_WEBHOOK_SECRET.",
    });
  }
  const services = createServices({ config: { ...config, read_only: true }, logger });
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const stateFile = join(services.stateDir, "watch.json");
  try {
    do {
      await watchOnce(services, config.webhook, stateFile, logger, stop.signal);
      if (!options.once) await services.clock.sleep(watchGapMs, stop.signal).catch(() => undefined);
    } while (!options.once && !stop.signal.aborted);
  } finally {
    await services.close();
  }
}

/** What was seen is kept only once its alerts are delivered, so that none is lost. */
async function watchOnce(
  services: Services,
  webhook: Webhook,
  stateFile: string,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const file = openJsonFile(stateFile, seenSchema);
  try {
    const { seen, alerts } = await lookAround(services, file.read().seen, signal);
    const delivered = alerts.length === 0 || (await postAlerts(webhook, alerts, services.clock.now()));
    logger.info("watched", { alerts: alerts.length, delivered });
    if (!delivered) return;
    await file.update((state) => {
      state.seen = {
        connections: { ...seen.connections },
        invitations: { ...seen.invitations },
        failedRuns: [...seen.failedRuns],
        flags: [...seen.flags],
      };
    });
  } catch (error) {
    if (!isToolError(error)) throw error;
    logger.warn("could not look", { code: error.code, reason: error.details?.reason });
    if (error.details?.reason === "CIRCUIT_OPEN")
      await postAlerts(
        webhook,
        [{ kind: "circuit_open", subject: "platform", detail: error.message }],
        services.clock.now(),
      );
  }
}
