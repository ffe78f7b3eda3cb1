import { randomUUID } from "node:crypto";
import type { AuditRecorder } from "../audit/recorder.ts";
import type { Principal } from "../auth/principal.ts";
import type { ErrorCode } from "../error/codes.ts";
import { asToolError } from "../error/to-failure.ts";
import { ToolError } from "../error/tool-error.ts";
import type { AdmissionGate } from "../rate/gate.ts";
import { startDeadline } from "./deadline.ts";

/** Reading a resource or rendering a prompt: what a tool call is, without arguments to validate. */
export interface ReadRequest<Result> {
  readonly method: "resources/read" | "prompts/get";
  /** The URI or the prompt's name; goes into the trail. */
  readonly target: string;
  readonly principal: Principal;
  readonly signal: AbortSignal;
  work(signal: AbortSignal): Promise<Result>;
  /** Characters of the result. */
  size(result: Result): number;
}

/** Admits, limits, caps and records; rejects with ToolErrors. */
export type Reader = <Result>(request: ReadRequest<Result>) => Promise<Result>;

export interface ReaderOptions {
  readonly server: string;
  readonly audit: AuditRecorder;
  readonly admission?: AdmissionGate | undefined;
  readonly timeoutMs?: number;
  readonly maxChars?: number;
}

export function createReader(options: ReaderOptions): Reader {
  const { timeoutMs = 60_000, maxChars = 1_000_000 } = options;
  return async (request) => {
    const started = performance.now();
    let verdict: "ok" | ErrorCode = "ok";
    try {
      return await admitted(request);
    } catch (thrown) {
      verdict = asToolError(thrown).code;
      throw thrown;
    } finally {
      await options.audit.record({
        ts: new Date().toISOString(),
        kind: "call",
        request_id: randomUUID(),
        server: options.server,
        tool: request.method,
        principal: request.principal.id,
        ...(request.principal.tenant === undefined ? {} : { tenant: request.principal.tenant }),
        args: { target: request.target },
        verdict,
        timing_ms: Math.round(performance.now() - started),
      });
    }
  };

  async function admitted<Result>(request: ReadRequest<Result>): Promise<Result> {
    const admission = await options.admission?.admit(request.principal, undefined, request.signal);
    const deadline = startDeadline(request.signal, timeoutMs);
    try {
      const result = await deadline.race(request.work(deadline.signal));
      const size = request.size(result);
      if (size <= maxChars) return result;
      throw new ToolError("RESULT_TOO_LARGE", `The text is ${size} characters; the cap is ${maxChars}.`, {
        hint: "Use the tool that reads the same thing in pages.",
        details: { size, cap: maxChars },
      });
    } finally {
      deadline.done();
      await admission?.release({ refund: false });
    }
  }
}
