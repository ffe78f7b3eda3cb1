import { type DestinationStream, destination, pino } from "pino";
import { redactText, redactValue } from "./redact.ts";

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

type Fields = Readonly<Record<string, unknown>>;

/** One JSON line per call. An exception goes under `err`, the correlation id under `request_id`. */
export interface Logger {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** A logger that repeats these fields on every line. */
  with(fields: Fields): Logger;
}

export interface LoggerOptions {
  readonly level?: LogLevel;
  /** The server's name, on every line. */
  readonly server: string;
  /** Stderr when absent; stdout belongs to the protocol. */
  readonly to?: DestinationStream;
}

export function createLogger(options: LoggerOptions): Logger {
  const lines = pino(
    {
      level: options.level ?? "info",
      base: { server: options.server, pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      // Errors are plain before pino sees them; its own serializer would fold the cause into the message.
      serializers: { err: (plain: unknown) => plain },
      messageKey: "message",
    },
    options.to ?? destination({ fd: 2, sync: true }),
  );
  return withFields({});

  function withFields(bound: Fields): Logger {
    const write = (level: "debug" | "info" | "warn" | "error") => (message: string, fields?: Fields) => {
      if (!lines.isLevelEnabled(level)) return;
      lines[level](redactValue({ ...bound, ...fields }), redactText(message));
    };
    return {
      debug: write("debug"),
      info: write("info"),
      warn: write("warn"),
      error: write("error"),
      with: (fields) => withFields({ ...bound, ...fields }),
    };
  }
}
