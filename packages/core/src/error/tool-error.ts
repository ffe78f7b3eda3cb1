import type { ErrorCode } from "./codes.ts";

const brand = Symbol.for("mcp-data.tool-error");

export interface ToolErrorOptions {
  /** What to do next: a concrete call or the allowed values. */
  readonly hint?: string;
  readonly retryAfterMs?: number;
  /** Machine-readable extras shown to the caller; `reason` holds the finer word. Never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Goes to the log only. */
  readonly cause?: unknown;
}

/** An expected failure; its message and details are shown to the caller as they are. */
export class ToolError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, options: ToolErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ToolError";
    this.code = code;
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Recognises a ToolError of any copy of this package: a bundled server carries its own. */
export function isToolError(value: unknown): value is ToolError {
  return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}
