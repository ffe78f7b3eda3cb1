import { isToolError, type Logger, ToolError } from "@mcp-data/core";
import type { Clock } from "../clock/clock.ts";
import { isRead, isRepeatable, type OperationId, operationOf } from "../contract/operations.ts";
import { type PreparedRequest, prepareRequest, type RawArgs } from "../contract/prepare.ts";
import type { ArgsOf, ReplyOf } from "../contract/types.ts";
import { createBusyTime } from "./busy-time.ts";
import type { ReplyCache } from "./reply-cache.ts";
import type { TokenCache } from "./token-cache.ts";
import type { Reply, Transport } from "./transport.ts";
import { noAnswerError, rejectedError, upstreamError } from "./upstream-error.ts";

/** The platform during one tool call. */
export interface Habu {
  /** Sends a declared operation and gives its reply. ToolError on every failure; `details.applied` says "no" or "unknown". */
  call<Id extends OperationId>(id: Id, args: ArgsOf<Id>, options?: CallOptions): Promise<ReplyOf<Id>>;
  /** The body as it came, for files. */
  text<Id extends OperationId>(id: Id, args: ArgsOf<Id>): Promise<string>;
  readonly spent: Spent;
  readonly signal: AbortSignal;
  readonly requestId: string;
}

export interface CallOptions {
  /** Asks the platform even when a recent answer is at hand. */
  readonly fresh?: boolean;
}

export interface Spent {
  readonly calls: number;
  readonly left: number;
  /** Milliseconds in which the platform was waited for. */
  readonly upstreamMs: number;
}

export interface HabuClient {
  session(context: { signal: AbortSignal; requestId: string; budget?: number }): Habu;
  readonly totalCalls: number;
}

export interface HabuClientOptions {
  readonly transport: Transport;
  readonly tokens: TokenCache;
  readonly cache: ReplyCache;
  readonly clock: Clock;
  readonly logger: Logger;
  /** No write leaves this process. */
  readonly readOnly: boolean;
}

const defaultBudget = 150;
const readAttempts = 3;
/** A token this young that is refused means a wrong or rotated secret, not an old token. */
const youngMs = 10 * 60_000;

export function createHabuClient(options: HabuClientOptions): HabuClient {
  const { transport, tokens, cache, clock, logger } = options;
  let totalCalls = 0;

  async function send(request: PreparedRequest, habu: Habu, count: () => void): Promise<Reply> {
    const anonymous = request.id === "getHealth";
    let token = anonymous ? undefined : await tokens.get();
    let reply = await once();
    if (reply.status === 401 && token !== undefined) {
      tokens.reject(token);
      if (clock.now() - tokens.lastAsked() >= youngMs) {
        token = await tokens.get();
        reply = await once();
      }
    }
    return reply;

    async function once(): Promise<Reply> {
      count();
      totalCalls += 1;
      const started = performance.now();
      try {
        const answered = await transport.send(request, token, habu.signal);
        logged(request, habu, started, {
          status: answered.status,
          upstream_request_id: answered.requestId,
          attempts: answered.attempts,
        });
        return answered;
      } catch (error) {
        logged(request, habu, started, { failed: isToolError(error) ? error.details?.reason : "unknown" });
        throw error;
      }
    }
  }

  function logged(
    request: PreparedRequest,
    habu: Habu,
    started: number,
    facts: Record<string, unknown>,
  ): void {
    logger.info("habu call", {
      operation: request.id,
      request_id: habu.requestId,
      ms: Math.round(performance.now() - started),
      ...facts,
    });
  }

  function session(context: { signal: AbortSignal; requestId: string; budget?: number }): Habu {
    const budget = context.budget ?? defaultBudget;
    let calls = 0;
    const busy = createBusyTime();
    const count = () => {
      if (calls >= budget) throw overBudget(budget);
      calls += 1;
    };
    const habu: Habu = {
      signal: context.signal,
      requestId: context.requestId,
      get spent() {
        return { calls, left: budget - calls, upstreamMs: busy.ms };
      },
      call: call as Habu["call"],
      text: text as Habu["text"],
    };

    async function call(id: OperationId, args: RawArgs, callOptions?: CallOptions): Promise<unknown> {
      const request = prepareRequest(id, args);
      const known = callOptions?.fresh === true ? undefined : cache.get(request);
      if (known?.refusal !== undefined) throw known.refusal;
      if (known !== undefined) return known.value;
      const { value, size } = await answered(request).catch((error: unknown) => {
        // A refusal is as good an answer for the next minute.
        if (isRead(id) && isToolError(error) && error.code === "PERMISSION_DENIED")
          cache.refuse(request, error);
        throw error;
      });
      if (isRead(id)) cache.set(request, value, size);
      return value;
    }

    async function text(id: OperationId, args: RawArgs): Promise<string> {
      return (await checked(prepareRequest(id, args))).body;
    }

    async function answered(request: PreparedRequest): Promise<{ value: unknown; size: number }> {
      const attempts = isRepeatable(request.id) ? readAttempts : 1;
      for (let attempt = 1; ; attempt += 1) {
        const reply = await checked(request);
        const value = parsed(request.id, reply.body);
        if (value !== malformed)
          return { value: refuseUnsuccessful(request.id, value, reply), size: reply.body.length };
        if (attempt >= attempts) throw noAnswerError(request.id, undefined, "unknown", "MALFORMED");
      }
    }

    async function checked(request: PreparedRequest): Promise<Reply> {
      const writes = !isRead(request.id);
      if (writes && options.readOnly) throw readOnlyError(request.id);
      // Also afterwards: what was read while the write was on its way may be the old state.
      if (writes) cache.clear();
      const ended = busy.begin();
      try {
        const reply = await send(request, habu, count);
        if (reply.status >= 300) throw upstreamError(request.id, reply, tokens.permissions());
        return reply;
      } finally {
        ended();
        if (writes) cache.clear();
      }
    }
    return habu;
  }

  return {
    session,
    get totalCalls() {
      return totalCalls;
    },
  };
}

const malformed = Symbol("malformed");

function parsed(id: OperationId, body: string): unknown {
  // Some lists answer with no body at all.
  if (body.trim() === "") return /s$|\[\]$/.test(operationOf(id).reply) ? [] : {};
  try {
    return JSON.parse(body);
  } catch {
    return malformed;
  }
}

function refuseUnsuccessful(id: OperationId, value: unknown, reply: Reply): unknown {
  if (typeof value !== "object" || value === null || !("success" in value) || value.success !== false)
    return value;
  throw rejectedError(id, value as Record<string, unknown>, reply.requestId);
}

function overBudget(budget: number): ToolError {
  return new ToolError("RESULT_TOO_LARGE", `This would take more than ${budget} calls to the platform.`, {
    hint: "Narrow it: one clean room, fewer questions, a shorter period.",
    details: { reason: "CALL_BUDGET", applied: "no" },
  });
}

function readOnlyError(id: OperationId): ToolError {
  return new ToolError("PERMISSION_DENIED", "This server runs read-only; nothing was changed.", {
    hint: "The operator starts it without --read-only to allow changes.",
    details: { reason: "READ_ONLY", operation: id, applied: "no" },
  });
}
