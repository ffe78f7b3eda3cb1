import { type Outcome, type Principal, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import { pageOf } from "../results/page-result.ts";
import type { StoredResult } from "../results/result-store.ts";
import type { RunOutcome } from "../run/runner.ts";
import type { Services } from "../services.ts";
import { tellProgress } from "./tell-progress.ts";

export const resultOutput = z.object({
  values: untrusted(z.array(z.unknown())).optional(),
  piece: untrusted(z.string()).optional(),
  count: z.int(),
  returned: z.int(),
  truncated: z.boolean(),
  bytes: z.int(),
  elements_of_one_array: z.literal(true).optional(),
  resource: z.string().optional(),
  engine: z.string().optional(),
  cached: z.boolean().optional(),
});

const position = z.object({ id: z.string(), offset: z.int().min(0), inside: z.boolean() });
const budget = 23_000;

export interface AnswerParts {
  readonly services: Services;
  readonly principal: Principal;
  readonly tool: string;
  /** Everything the cursor is bound to. */
  readonly of: unknown;
  readonly cursor: string | undefined;
  readonly limit: number;
  readonly progress: ToolContext<Services>["progress"];
  run(): Promise<RunOutcome>;
}

/** A page of a run's values; the run is repeated only when its result is no longer kept. */
export async function answerRun(parts: AnswerParts): Promise<Outcome<z.input<typeof resultOutput>>> {
  const { services, principal, limit } = parts;
  const binding = { tool: parts.tool, principal: principal.id, of: parts.of };
  const from =
    parts.cursor === undefined ? undefined : services.cursors.open(parts.cursor, binding, position);
  let result: StoredResult | undefined =
    from === undefined ? undefined : services.results.get(from.id, services.userOf(principal).id);
  const outcome =
    result === undefined
      ? await tellProgress(parts.run, parts.progress, services.runner.timeoutMs)
      : undefined;
  result ??= outcome?.result as StoredResult;
  const page = pageOf(result, from ?? { offset: 0, inside: false }, budget, limit);
  const next =
    page.next === undefined ? undefined : services.cursors.mint(binding, { id: result.id, ...page.next });
  // Whole in one page: nobody can ask for it again.
  if (next === undefined && outcome !== undefined) services.results.drop(result.id);
  const text = page.piece ?? JSON.stringify(page.values);
  return {
    data: {
      ...(page.piece === undefined ? { values: [...page.values] } : { piece: page.piece }),
      count: result.count,
      returned: page.values.length,
      truncated: next !== undefined || from !== undefined,
      bytes: result.bytes,
      ...(result.ofOneArray ? { elements_of_one_array: true as const } : {}),
      ...(next === undefined ? {} : { resource: `jq-data://results/${result.id}` }),
      ...(outcome === undefined ? {} : { engine: outcome.engine, cached: outcome.cached }),
    },
    warnings: [
      ...(result.ofOneArray ? ["The program gave one array; values are its elements."] : []),
      ...(page.piece === undefined
        ? []
        : ["One value is longer than a page: piece is a part of its JSON text, the cursor continues it."]),
      ...(/\d{16,}/.test(text) && page.piece === undefined
        ? ["Integers beyond 2^53 are rounded here; the resource has them exactly."]
        : []),
    ],
    ...(next === undefined ? {} : { page: { next_cursor: next, has_more: true, total: result.count } }),
    audit: { values: page.values.length, bytes: result.bytes, cached: outcome?.cached ?? true },
  };
}
