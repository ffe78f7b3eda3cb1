import { digest } from "@mcp-data/core";
import type { Case } from "../library/definitions.ts";
import type { RunRequest } from "../run/runner.ts";
import type { Services } from "../services.ts";

/** What a run would do, how long such runs took, and a cheaper way where test cases prove that it gives the same. */
export async function explainRun(
  services: Services,
  request: RunRequest,
  cases: readonly Case[] = [],
): Promise<Record<string, unknown>> {
  const { insights } = services;
  const plan = await services.runner.plan(request);
  const p50 =
    request.item === undefined
      ? insights.p50OfProgram(digest(request.program).slice(0, 16))
      : insights.p50(request.item.item);
  const cheaper = request.mode === "whole" && (await givesTheSameByElement(services, request, cases));
  return {
    ...plan,
    ...(p50 === undefined ? {} : { measured_p50_ms: Math.round(p50 * 10) / 10 }),
    ...(cheaper ? { cheaper_mode: "each" } : {}),
  };
}

async function givesTheSameByElement(
  { examiner }: Services,
  { program, uses, pins, parameters, user }: RunRequest,
  cases: readonly Case[],
): Promise<boolean> {
  if (cases.length === 0) return false;
  const parts = { owner: user, program, uses, pins, parameters, cases };
  for (const mode of ["whole", "each"] as const) {
    const results = await examiner.runCases({ ...parts, mode });
    if (results.some(({ ok }) => !ok)) return false;
  }
  return true;
}
