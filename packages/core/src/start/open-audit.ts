import type { AuditEvent } from "../audit/event.ts";
import { openFileSink } from "../audit/file.ts";
import { createAuditRecorder } from "../audit/record.ts";
import type { AuditRecorder } from "../audit/recorder.ts";
import type { AuditSink } from "../audit/sink.ts";
import { createStderrSink } from "../audit/stderr.ts";
import { ToolError } from "../error/tool-error.ts";
import type { Logger } from "../log/logger.ts";
import { redactValue } from "../log/redact.ts";
import type { ServerSettings } from "./settings.ts";

/** Characters of one argument that are kept. */
const maxArgument = 4_000;

export interface OpenAudit {
  readonly recorder: AuditRecorder;
  close(): Promise<void>;
}

/** The trail the settings ask for; stderr when they say nothing. CONFIG_ERROR when a file cannot be written. */
export async function openAudit(settings: ServerSettings["audit"], logger: Logger): Promise<OpenAudit> {
  const key = settings?.key === undefined ? {} : { key: Buffer.from(settings.key.reveal()) };
  const sink = await openSink(settings, key, logger);
  if (sink === undefined)
    return { recorder: { record: async () => undefined }, close: async () => undefined };
  const namesOnly = settings?.arguments === "names";
  return {
    recorder: createAuditRecorder({
      sink,
      failing: settings?.failing ?? "open",
      redact: (event) => ({
        ...event,
        args: namesOnly ? namesOf(event.args) : shortened(event.args),
        ...(event.facts === undefined ? {} : { facts: shortened(event.facts) }),
      }),
      onFailure: (err, event) =>
        logger.error("an audit event was not kept", { err, request_id: event.request_id }),
    }),
    close: () => sink.close(),
  };
}

async function openSink(
  settings: ServerSettings["audit"],
  key: { key?: Uint8Array },
  logger: Logger,
): Promise<AuditSink | undefined> {
  if (settings?.sink === "none") return undefined;
  if (settings?.sink !== "file") return createStderrSink(key);
  if (settings.file === undefined) {
    throw new ToolError("CONFIG_ERROR", "audit.file: sink file needs a path.", { hint: "Add audit.file." });
  }
  return openFileSink({
    path: settings.file,
    ...key,
    ...(settings.max_bytes === undefined ? {} : { maxBytes: settings.max_bytes }),
    onNotice: (notice) => logger.warn(notice),
  });
}

function namesOf(args: AuditEvent["args"]): AuditEvent["args"] {
  return Object.fromEntries(Object.keys(args).map((name) => [name.slice(0, 80), "[withheld]"]));
}

function shortened(args: AuditEvent["args"]): AuditEvent["args"] {
  const redacted = redactValue(args) as AuditEvent["args"];
  return Object.fromEntries(
    Object.entries(redacted)
      .slice(0, 50)
      .map(([name, value]) => [name.slice(0, 80), clip(value)]),
  );
}

function clip(value: unknown): unknown {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text === undefined || text.length <= maxArgument) return value;
  return `${text.slice(0, maxArgument)}… (${text.length} characters)`;
}
