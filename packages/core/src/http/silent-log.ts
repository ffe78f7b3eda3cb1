import type { Logger } from "../log/logger.ts";

/** For tests, and for hosts that embed a server and want to hear nothing. */
export const silentLog: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => silentLog,
};
