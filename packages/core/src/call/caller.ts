import type { Principal } from "../auth/principal.ts";
import type { Success } from "../envelope/envelope.ts";
import type { Failure } from "../error/to-failure.ts";
import type { AnyTool, Progress } from "../tool/define-tool.ts";

export interface CallRequest {
  readonly tool: string;
  /** Raw, as the wire had it. */
  readonly args: unknown;
  readonly principal: Principal;
  readonly signal: AbortSignal;
  readonly progress?: (update: Progress) => void;
}

/** The one way into a tool; every transport uses it. */
export interface Caller<Services> {
  /** What this principal may see, in catalogue order. */
  visibleTools(principal: Principal): readonly AnyTool<Services>[];
  /** Undefined when the tool does not exist or is not visible to the principal. Never throws. */
  call(request: CallRequest): Promise<Success | Failure | undefined>;
}
