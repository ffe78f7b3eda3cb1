import {
  digest,
  isToolError,
  type Outcome,
  type Principal,
  redactText,
  type ToolContext,
  ToolError,
} from "@mcp-data/core";
import type { Habu } from "../client/habu-client.ts";
import type { Services } from "../services.ts";
import type { SavedWork } from "../state/work-store.ts";
import { type NextCall, safeNext } from "./next-call.ts";

export type WorkStatus = "done" | "planned" | "confirmation_required" | "needs_input" | "running" | "waiting";

/** One line of what was done: `created clean room`. */
export interface StepReport {
  readonly step: string;
  readonly state: "done" | "skipped" | "adopted" | "failed";
  readonly detail?: string;
}

export interface PlannedStep {
  readonly step: string;
  readonly what: string;
  /** Cannot be taken back, or mails people. */
  readonly effect?: string;
}

export interface Question {
  readonly field: string;
  readonly why: string;
  readonly candidates?: readonly string[];
}

export interface WorkData {
  [key: string]: unknown;
  environment: string;
  status: WorkStatus;
  confirm?: { handle: string; expires_in_ms: number };
  resume?: string;
  next?: NextCall[];
  calls: number;
  report: Record<string, unknown>;
}

export interface Ending {
  readonly status?: WorkStatus;
  readonly summary: string;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly next?: readonly NextCall[];
  readonly warnings?: readonly string[];
}

/** One call of a workflow tool: its merged arguments, the platform, and the account of what was done. */
export interface Work<Input> {
  readonly input: Input;
  readonly habu: Habu;
  readonly services: Services;
  readonly principal: Principal;
  progress(done: number, total: number, message: string): void;
  /** A value nobody gave and the context supplied. */
  assume(text: string): void;
  warn(text: string): void;
  note(step: StepReport): void;
  /** Ends the call when it is a dry run or needs a confirmation it does not have. */
  plan(
    steps: readonly PlannedStep[],
    result?: Readonly<Record<string, unknown>>,
  ): Promise<Outcome<WorkData> | undefined>;
  /** Ends the call with questions; what is settled is kept under the handle. */
  ask(questions: readonly Question[], result?: Readonly<Record<string, unknown>>): Promise<Outcome<WorkData>>;
  /** A write: done once, however often the workflow is resumed. What it made must survive JSON. */
  step<T>(
    key: string,
    what: string,
    run: (retaken: boolean) => Promise<Made<T>>,
    options?: StepOptions,
  ): Promise<T>;
  /** The step was done, or begun, in an earlier call of this workflow. */
  resumed(key: string): boolean;
  /** The step was done in an earlier call. */
  isDone(key: string): boolean;
  /** Makes sure that the call can be resumed; gives the handle. */
  handle(): Promise<string>;
  end(ending: Ending): Outcome<WorkData>;
}

export interface Made<T> {
  readonly value: T;
  readonly state?: "done" | "skipped" | "adopted";
  readonly detail?: string;
  /** How to take it back, for the account of a failure. */
  readonly undo?: string;
}

export interface StepOptions {
  /** The step takes something away: not finding it afterwards means that it worked. */
  readonly removes?: boolean;
}

export interface WorkSetup<Input> {
  readonly tool: string;
  readonly input: Input;
  /** What the confirmation is bound to. */
  readonly bound: Readonly<Record<string, unknown>>;
  readonly dryRun: boolean;
  readonly confirm: string | undefined;
  readonly saved: SavedWork | undefined;
  readonly context: ToolContext<Services>;
}

/** How a call of a workflow ends. */
export interface Closing {
  /** Once the caller is told how it stands, the same call begins anew. */
  settled(outcome: Outcome<WorkData>): Promise<void>;
  /** What an interrupted call took away cannot be found again: that is its success. */
  removed(error: unknown): Outcome<WorkData> | undefined;
  failure(error: unknown): Promise<unknown>;
}

export function createWork<Input>(setup: WorkSetup<Input>): Work<Input> & Closing {
  const { tool, context } = setup;
  const { services, principal } = context;
  const habu = services.habu.session({ signal: context.signal, requestId: context.requestId });
  const steps: StepReport[] = [];
  const assumptions: string[] = [];
  const warnings: string[] = [];
  const undo: string[] = [];
  let planned: readonly PlannedStep[] = [];
  let saved = setup.saved;
  let audited: Record<string, unknown> = {};

  const owner = { tool, principal: principal.id };
  async function handle(): Promise<string> {
    saved ??= await services.work.begin(owner, setup.bound);
    return saved.handle;
  }

  function end(ending: Ending): Outcome<WorkData> {
    const next = safeNext(ending.next ?? []);
    return {
      data: {
        environment: services.environment,
        status: ending.status ?? "done",
        ...(saved === undefined || ending.status === undefined || ending.status === "done"
          ? {}
          : { resume: saved.handle }),
        ...(next.length === 0 ? {} : { next }),
        calls: habu.spent.calls,
        report: {
          summary: ending.summary,
          ...(assumptions.length === 0 ? {} : { defaults_taken: assumptions }),
          ...(steps.length === 0 ? {} : { steps }),
          ...ending.result,
        },
      },
      warnings: [...warnings, ...(ending.warnings ?? [])],
      audit: {
        upstream_calls: habu.spent.calls,
        upstream_ms: Math.round(habu.spent.upstreamMs),
        steps: steps.map(({ step, state }) => `${step}: ${state}`),
        ...audited,
      },
    };
  }

  return {
    input: setup.input,
    habu,
    services,
    principal,
    progress: (done, total, message) => context.progress({ progress: done, total, message }),
    assume: (text) => void assumptions.push(text),
    warn: (text) => void warnings.push(text),
    note: (step) => void steps.push(step),
    handle,
    end,
    isDone: (key) => saved !== undefined && Object.hasOwn(saved.done, key),
    resumed: (key) => saved !== undefined && (Object.hasOwn(saved.done, key) || saved.inFlight === key),

    async plan(given, result) {
      planned = given;
      const shown = { plan: given, ...result };
      if (setup.dryRun) {
        return end({
          status: "planned",
          summary: `Dry run: ${given.length} step(s) would follow; nothing was changed.`,
          result: shown,
        });
      }
      const effects = given.filter(({ effect }) => effect !== undefined);
      if (effects.length === 0) return undefined;
      // Bound to what would happen: when the world changed in between, the old handle does not fit.
      const binding = { tool, principal: principal.id, args: [setup.bound, digest(given)] };
      if (setup.confirm !== undefined) {
        await services.confirmations.redeem(setup.confirm, binding);
        audited = { confirmed: true };
        return undefined;
      }
      const issued = services.confirmations.issue(binding);
      const outcome = end({
        status: "confirmation_required",
        summary: `Nothing was changed. ${effects.length} of ${given.length} step(s) cannot be taken back or reach other people. Show the plan to the user; to go on, repeat the call with confirm.`,
        result: shown,
      });
      return { ...outcome, data: { ...outcome.data, confirm: { ...issued } } };
    },

    async ask(questions, result) {
      await handle();
      return end({
        status: "needs_input",
        summary: `${questions.length} value(s) are needed; pass them with resume, the rest is kept.`,
        result: { questions, ...result },
      });
    },

    async step(key, what, run, options) {
      const id = await handle();
      const begun = await services.work.started(id, {
        key,
        removes: options?.removes === true ? what : undefined,
      });
      if (begun.state === "done") {
        steps.push({ step: what, state: "skipped", detail: "done in an earlier call" });
        return begun.made as never;
      }
      try {
        const made = await run(begun.state === "retaken");
        await services.work.finished(id, key, made.value);
        steps.push({
          step: what,
          state: made.state ?? "done",
          ...(made.detail === undefined ? {} : { detail: made.detail }),
        });
        if (made.undo !== undefined && (made.state ?? "done") === "done") undo.push(made.undo);
        return made.value;
      } catch (error) {
        if (isToolError(error) && error.details?.applied !== "unknown") await services.work.undone(id);
        else await services.work.leftOpen(id);
        steps.push({ step: what, state: "failed" });
        throw error;
      }
    },

    async settled({ data: { status } }) {
      if (saved === undefined || habu.signal.aborted) return;
      if (status !== "planned" && status !== "confirmation_required")
        await services.work.answered(saved.handle);
    },

    removed(error) {
      if (!isToolError(error) || error.code !== "NOT_FOUND") return undefined;
      if (saved?.removes === undefined || steps.length > 0) return undefined;
      return end({
        summary: `It is gone: an earlier call, whose answer was lost, did this (${saved.removes.slice(0, 90)}).`,
        result: { steps: [{ step: saved.removes, state: "done", detail: "in an earlier call" }] },
      });
    },

    async failure(error) {
      if (!isToolError(error)) return error;
      const finished = steps.filter(({ state }) => state === "done" || state === "adopted");
      const failed = steps.find(({ state }) => state === "failed");
      const prefix = services.environment === "EMULATOR" ? "EMULATOR: " : "";
      if (failed === undefined || saved === undefined) {
        return copyOf(error, prefix + error.message, error.details);
      }
      // A caller who went away hears nothing of the handle, and what may exist is looked for whoever asks.
      if (!habu.signal.aborted && error.details?.applied !== "unknown")
        await services.work.answered(saved.handle);
      const clip = (lines: readonly string[]) => lines.slice(0, 6).map((line) => line.slice(0, 90));
      return copyOf(
        error,
        `${prefix}The step "${failed.step.slice(0, 80)}" failed: ${error.message.slice(0, 300)}`,
        {
          reason: error.details?.reason ?? "STEP_FAILED",
          done: clip(finished.map(({ step }) => step)),
          failed: failed.step.slice(0, 90),
          ...(planned.length === 0 ? {} : { steps_planned: planned.length }),
          ...(undo.length === 0 ? {} : { undo: clip(undo) }),
          resume: saved.handle,
        },
      );
    },
  };
}

function copyOf(error: ToolError, message: string, details: ToolError["details"]): ToolError {
  // A caller may have typed a secret as a name, which errors repeat.
  return new ToolError(error.code, redactText(message), {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    ...(details === undefined ? {} : { details }),
    ...(error.cause === undefined ? {} : { cause: error.cause }),
  });
}
