import { ToolError } from "@mcp-data/core";
import type { Access } from "../engine/engine.ts";
import type { Catalog } from "./catalog/catalog.ts";
import type { Lease } from "./connection/lease.ts";
import { type Step, textStep } from "./protocol/step.ts";
import { describeStatementMessage, parseMessage } from "./protocol/wire.ts";
import { needsTypes, paramTexts } from "./values/params.ts";
import { checkPlan, explainPrefix, type PlanFacts } from "./walls/plan-check.ts";
import type { PlanMemory } from "./walls/plan-memory.ts";
import { parseExplain } from "./walls/plan-tree.ts";
import type { Session } from "./walls/session.ts";
import type { Statement } from "./walls/statement.ts";

export interface Run {
  readonly lease: Lease;
  readonly session: Session;
  readonly catalog: Catalog;
  readonly statement: Statement;
  readonly access: Access;
  /** The text that runs; begins with the caller's. */
  readonly text: string;
  readonly params: readonly unknown[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly maxBytes: number;
}

export interface RunEnd {
  readonly stopped: boolean;
  /** Undefined when the plan was not checked. */
  readonly plan?: PlanFacts;
}

/**
 * Begins, checks the plan, runs the caller's step and rolls back. A text whose plan was fine before goes in one
 * round trip with its check: the plan is still judged first, before any row is looked at.
 */
export async function runStatement(
  run: Run,
  memory: PlanMemory,
  stepOf: (values: readonly (string | null)[]) => Step,
): Promise<RunEnd> {
  const { lease, session } = run;
  const deadline = performance.now() + run.timeoutMs;
  const guard = () => ({
    signal: run.signal,
    timeoutMs: run.timeoutMs,
    leftMs: Math.max(1, deadline - performance.now()),
    callerText: run.statement.accepted.text,
    maxBytes: run.maxBytes,
  });
  const last = () => ({ ...guard(), closes: true as const });
  const begin = session.begin(
    { schemas: run.access.policy.schemas, role: run.access.role, statementTimeoutMs: run.timeoutMs },
    lease.prepared,
  );
  const end = session.end(lease.pooled);

  let opening = [begin];
  let values: (string | null)[];
  if (needsTypes(run.params)) {
    values = await inferredTexts(run, [begin], guard());
    opening = [];
  } else {
    values = paramTexts(run.params);
  }

  const caller = stepOf(values);
  if (!run.access.planCheck) {
    return { stopped: (await lease.run([...opening, caller, end], last())) === "stopped" };
  }

  const check = planStep(run, values);
  const text = `${run.access.role ?? ""}\0${run.text}`;
  if (memory.knows(run.access.policy, run.catalog.snapshot.epoch, text)) {
    const ended = await lease.run([...opening, check.step, caller, end], last());
    return { stopped: ended === "stopped", plan: check.facts() };
  }
  await lease.run([...opening, check.step], guard());
  const plan = check.facts();
  memory.remember(run.access.policy, run.catalog.snapshot.epoch, text);
  return { stopped: (await lease.run([caller, end], last())) === "stopped", plan };
}

/** The wall itself: an exception in `done` ends the group, and with it the answers behind the plan. */
function planStep(run: Run, values: readonly (string | null)[]): { step: Step; facts: () => PlanFacts } {
  let json = "";
  let facts: PlanFacts | undefined;
  const step = textStep(`${explainPrefix}${run.text}`, values, 0, {
    callerTextAt: explainPrefix.length,
    row([line]) {
      json += line ?? "";
      return undefined;
    },
    done() {
      facts = checkPlan(parseExplain(json), {
        catalog: run.catalog,
        policy: run.statement.policy,
        trusted: run.statement.expansion.trusted,
        maxCost: run.access.limits.maxCost,
      });
    },
  });
  return {
    step,
    facts() {
      if (facts !== undefined) return facts;
      throw new ToolError("RESULT_TOO_LARGE", "The statement's plan is too large to be checked.", {
        hint: "Write less of it: fewer branches, shorter constants, smaller lists of values.",
      });
    },
  };
}

/** Arrays and objects take the form of the type the server infers, so it is asked first. */
async function inferredTexts(
  run: Run,
  opening: readonly Step[],
  guard: Parameters<Lease["run"]>[1],
): Promise<(string | null)[]> {
  let oids: readonly number[] = [];
  run.lease.onceParameters((types) => {
    oids = types;
  });
  const bytes = Buffer.concat([parseMessage(run.text), describeStatementMessage()]);
  await run.lease.run([...opening, { bytes, executes: 0, callerTextAt: 0 }], guard);
  return paramTexts(run.params, { oids, types: run.catalog.types });
}
