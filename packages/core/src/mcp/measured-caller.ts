import type { Caller } from "../call/caller.ts";
import type { Metrics } from "../http/metrics.ts";

/** The same caller, counted. */
export function measuredCaller<Services>(caller: Caller<Services>, metrics: Metrics): Caller<Services> {
  return {
    visibleTools: (principal) => caller.visibleTools(principal),
    async call(request) {
      const ended = metrics.callStarted();
      const answer = await caller.call(request);
      if (answer === undefined) ended(undefined, "unknown");
      else ended(request.tool, answer.success ? "ok" : answer.error.code);
      return answer;
    },
  };
}
