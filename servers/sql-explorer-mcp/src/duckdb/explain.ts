import type { ExplainRequest, ExplainResult } from "../engine/engine.ts";
import { withJudged } from "./judge.ts";
import type { Parts } from "./parts.ts";
import { readPlan } from "./plan.ts";

/** `analyze` runs the statement, behind the same walls and within the same time. */
export function runExplain(parts: Parts, request: ExplainRequest): Promise<ExplainResult> {
  const { access, analyze, params, signal, timeoutMs } = request;
  return withJudged(parts, request, async ({ accepted, catalog }) => {
    const json = await parts.process.explain(
      {
        sql: accepted.text,
        params,
        searchPath: catalog.forPolicy(access.policy).searchPath,
        skip: 0,
        maxRows: 1,
        maxBytes: access.limits.maxBytes,
        maxCellChars: access.limits.maxCellChars,
        generation: catalog.generation,
      },
      analyze,
      { timeoutMs, signal },
    );
    return readPlan(json);
  });
}
