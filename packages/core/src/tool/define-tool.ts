import type { z } from "zod";
import type { Principal } from "../auth/principal.ts";
import type { Page } from "../envelope/envelope.ts";

/** All four hints, required: the protocol's defaults are the pessimistic ones. */
export interface Annotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

export interface Progress {
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

/** What one call carries besides its arguments. */
export interface ToolContext<Services> {
  readonly services: Services;
  readonly principal: Principal;
  /** Aborts when the caller cancels, disconnects, or the time limit passes. */
  readonly signal: AbortSignal;
  readonly requestId: string;
  /** Sent only to a caller that asked for progress; free to call always. */
  progress(update: Progress): void;
}

/** What a handler hands back; core turns it into the envelope. */
export interface Outcome<Data> {
  readonly data: Data;
  readonly warnings?: readonly string[];
  readonly page?: Page;
  /** The schema the answer belongs to, where the server has such a thing. */
  readonly schema?: string;
  /** Facts for the audit trail only: what was touched, how much. Never shown to the caller. */
  readonly audit?: Readonly<Record<string, unknown>>;
}

export interface ToolDefinition<
  Services = unknown,
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
> {
  /** snake_case, at most 40 characters. */
  readonly name: string;
  readonly title: string;
  /** Two or three plain sentences: what it returns, when to use it rather than its neighbour, its limit. */
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  readonly annotations: Annotations;
  readonly scopes: readonly string[];
  /** The exposure group; which groups are visible is the server's policy. */
  readonly group: string;
  /** Milliseconds; replaces the server's default limit. */
  readonly timeoutMs?: number;
  run(input: z.output<Input>, context: ToolContext<Services>): Promise<Outcome<z.input<Output>>>;
}

/** Fixes the types of a tool; the object itself knows no protocol. */
export function defineTool<Services, Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: ToolDefinition<Services, Input, Output>,
): ToolDefinition<Services, Input, Output> {
  return definition;
}

/** A tool whose input and output types are no longer of interest. */
// biome-ignore lint/suspicious/noExplicitAny: run() is contravariant in its input, so a table of tools needs it
export type AnyTool<Services> = ToolDefinition<Services, any, any>;
