import { randomUUID } from "node:crypto";
import type { AuditEvent } from "../audit/event.ts";
import type { AuditRecorder } from "../audit/recorder.ts";
import type { Principal } from "../auth/principal.ts";
import { missingScopes } from "../auth/scopes.ts";
import { envelope, type Success } from "../envelope/envelope.ts";
import { compileFence, type Fence, newDelimiter } from "../envelope/untrusted.ts";
import type { ErrorCode } from "../error/codes.ts";
import { asToolError, type Failure, toFailure } from "../error/to-failure.ts";
import { ToolError } from "../error/tool-error.ts";
import type { Admission, AdmissionGate } from "../rate/gate.ts";
import type { AnyTool, Outcome } from "../tool/define-tool.ts";
import type { Caller, CallRequest } from "./caller.ts";
import { startDeadline } from "./deadline.ts";
import { validateInput } from "./validate-input.ts";

/** Characters of a whole result: above it hosts write it to a file instead of showing it to the model. */
const defaultHardCap = 40_000;
const defaultTimeoutMs = 60_000;

export interface CallerOptions<Services> {
  readonly server: string;
  /** Already narrowed to what this process serves. */
  readonly tools: readonly AnyTool<Services>[];
  /** Tools that come and go while the process runs; the same list until one changes. */
  extraTools?(): readonly AnyTool<Services>[];
  readonly services: Services;
  readonly audit: AuditRecorder;
  /** Absent: nothing is limited. */
  readonly admission?: AdmissionGate;
  /** The quota's second key, read from arguments that are not validated yet. */
  quotaSource?(args: unknown, principal: Principal): string | undefined;
  /** What the server adds to every envelope of this principal. */
  envelopeContext?(principal: Principal): { projectId?: string };
  /** Told of exceptions nobody expected, with the id the caller was shown. */
  onDefect(error: unknown, requestId: string): void;
  /** Told why an expected failure came about, where the handler knew more than it may show. */
  onCause?(error: ToolError, requestId: string): void;
  readonly timeoutMs?: number;
  readonly maxResultChars?: number;
}

interface Prepared<Services> {
  readonly tool: AnyTool<Services>;
  readonly fence: Fence | undefined;
}

/** Codes after which a caller gets the reserved quota back: nothing was done for it. */
const refunded: ReadonlySet<string> = new Set(["VALIDATION_ERROR", "RATE_LIMITED", "UNAVAILABLE"]);

/** The life of every call: authorise, admit, validate, run, check the output, fence, cap, audit. */
export function createCaller<Services>(options: CallerOptions<Services>): Caller<Services> {
  const prepare = (tools: readonly AnyTool<Services>[]) =>
    new Map<string, Prepared<Services>>(
      tools.map((tool) => [tool.name, { tool, fence: compileFence(tool.output) }]),
    );
  const own = prepare(options.tools);
  let extra: readonly AnyTool<Services>[] = [];
  let extraPrepared = prepare(extra);
  const visible = new Map<string, readonly AnyTool<Services>[]>();

  /** Own tools first: none of those that come later can take the name of one. */
  function refresh(): void {
    const current = options.extraTools?.() ?? extra;
    if (current === extra) return;
    extra = current;
    extraPrepared = prepare(current.filter(({ name }) => !own.has(name)));
    visible.clear();
  }

  function visibleTools(principal: Principal): readonly AnyTool<Services>[] {
    refresh();
    const key = principal.scopes.join(" ");
    const known = visible.get(key);
    if (known !== undefined) return known;
    const all = [...options.tools, ...[...extraPrepared.values()].map(({ tool }) => tool)];
    const tools = all.filter((tool) => missingScopes(principal, tool.scopes).length === 0);
    if (visible.size < 1_000) visible.set(key, tools);
    return tools;
  }

  async function call(request: CallRequest): Promise<Success | Failure | undefined> {
    refresh();
    const found = own.get(request.tool) ?? extraPrepared.get(request.tool);
    const started = performance.now();
    const requestId = randomUUID();
    if (found === undefined || missingScopes(request.principal, found.tool.scopes).length > 0) {
      const verdict = found === undefined ? "NOT_FOUND" : "PERMISSION_DENIED";
      const event = {
        ...eventOf(request, requestId),
        tool: request.tool.slice(0, 80),
        args: {},
        verdict,
        timing_ms: 0,
      };
      await options.audit.record(event as AuditEvent).catch(() => undefined);
      return undefined;
    }
    let verdict: "ok" | ErrorCode = "ok";
    let outcome: Outcome<Record<string, unknown>> | undefined;
    let answer: Success | Failure;
    try {
      outcome = await admitted(found, request, requestId);
      answer = succeed(found, request, outcome, elapsed(started));
    } catch (thrown) {
      answer = fail(thrown, requestId, started);
      verdict = answer.error.code;
    }
    const timing = elapsed(started);
    try {
      await options.audit.record({
        ...eventOf(request, requestId),
        verdict,
        ...(outcome?.audit === undefined ? {} : { facts: outcome.audit }),
        timing_ms: timing,
      });
    } catch (thrown) {
      answer = fail(thrown, requestId, started);
      verdict = answer.error.code;
    }
    return answer;
  }

  async function admitted(found: Prepared<Services>, request: CallRequest, requestId: string) {
    const source = options.quotaSource?.(request.args, request.principal);
    const admission = await options.admission?.admit(request.principal, source, request.signal);
    return execute(found.tool, request, requestId, admission);
  }

  async function execute(
    tool: AnyTool<Services>,
    request: CallRequest,
    requestId: string,
    admission: Admission | undefined,
  ): Promise<Outcome<Record<string, unknown>>> {
    const deadline = startDeadline(request.signal, tool.timeoutMs ?? options.timeoutMs ?? defaultTimeoutMs);
    let work: Promise<Outcome<Record<string, unknown>>> | undefined;
    try {
      const input = validateInput(tool.input, request.args);
      if (!tool.annotations.readOnlyHint) {
        await options.audit.record({ ...eventOf(request, requestId), kind: "intent" });
      }
      work = tool.run(input, {
        services: options.services,
        principal: request.principal,
        signal: deadline.signal,
        requestId,
        progress: request.progress ?? ignoreProgress,
      });
      const outcome = await deadline.race(work);
      free(work, admission, false);
      return outcome;
    } catch (thrown) {
      free(work, admission, refunded.has(asToolError(thrown).code));
      throw thrown;
    } finally {
      deadline.done();
    }
  }

  /** The slot stays taken until the handler itself ended, even when its caller was answered before. */
  function free(work: Promise<unknown> | undefined, admission: Admission | undefined, refund: boolean): void {
    if (admission === undefined) return;
    const release = () =>
      admission.release({ refund }).catch((error) => options.onDefect(error, "admission"));
    if (work === undefined) release();
    else work.then(release, release);
  }

  function succeed(
    found: Prepared<Services>,
    request: CallRequest,
    outcome: Outcome<Record<string, unknown>>,
    timingMs: number,
  ): Success {
    const parsed: Record<string, unknown> = found.tool.output.parse(outcome.data);
    const data = found.fence === undefined ? parsed : found.fence(parsed, newDelimiter());
    const success = envelope({
      data: data as Record<string, unknown>,
      projectId: options.envelopeContext?.(request.principal).projectId,
      schema: outcome.schema,
      warnings: outcome.warnings,
      page: outcome.page,
      timingMs,
    });
    const cap = options.maxResultChars ?? defaultHardCap;
    const size = JSON.stringify(success).length;
    if (size > cap) throw tooLarge(size, cap);
    return success;
  }

  function fail(thrown: unknown, requestId: string, started: number): Failure {
    const error = asToolError(thrown);
    if (error.code === "INTERNAL_ERROR") options.onDefect(error.cause ?? error, requestId);
    else if (error.cause !== undefined) options.onCause?.(error, requestId);
    return toFailure(error, requestId, elapsed(started));
  }

  function eventOf(request: CallRequest, requestId: string): AuditEvent {
    const { principal } = request;
    return {
      ts: new Date().toISOString(),
      kind: "call",
      request_id: requestId,
      server: options.server,
      tool: request.tool,
      principal: principal.id,
      ...(principal.tenant === undefined ? {} : { tenant: principal.tenant }),
      args: isRecord(request.args) ? request.args : {},
    };
  }

  return { visibleTools, call };
}

function ignoreProgress(): void {}

/** Milliseconds with one decimal. */
function elapsed(started: number): number {
  return Math.round((performance.now() - started) * 10) / 10;
}

function tooLarge(size: number, cap: number): ToolError {
  return new ToolError("RESULT_TOO_LARGE", `The result is ${size} characters; the cap is ${cap}.`, {
    hint: 'Ask for less: a smaller limit or max_rows, fewer columns, a narrower filter, or detail "names".',
    details: { size, cap },
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
