import { randomBytes } from "node:crypto";
import { ToolError } from "@mcp-data/core";
import { z } from "zod";
import type { Clock } from "../clock/clock.ts";
import { openJsonFile } from "./json-file.ts";

/** A workflow that may go on in a later call or another process. */
export interface SavedWork {
  readonly handle: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** What each finished step made. */
  readonly done: Readonly<Record<string, unknown>>;
  /** The step that had begun when the process ended; its end is unknown. */
  readonly inFlight: string | undefined;
}

export interface WorkStore {
  begin(owner: WorkOwner, args: Readonly<Record<string, unknown>>): Promise<SavedWork>;
  /** CURSOR_EXPIRED for a handle that is forged, foreign, of another tool, or older than a week. */
  open(handle: string, owner: WorkOwner): SavedWork;
  started(handle: string, step: string): Promise<void>;
  finished(handle: string, step: string, made: unknown): Promise<void>;
  /** The step surely did nothing. */
  undone(handle: string): Promise<void>;
  settle(handle: string, args: Readonly<Record<string, unknown>>): Promise<void>;
}

export interface WorkOwner {
  readonly tool: string;
  readonly principal: string;
}

const weekMs = 7 * 86_400_000;
const maxKept = 500;

const entry = z.object({
  tool: z.string(),
  principal: z.string(),
  at: z.number(),
  args: z.record(z.string(), z.unknown()),
  done: z.record(z.string(), z.unknown()),
  in_flight: z.string().optional(),
});
const schema = z.object({ work: z.record(z.string(), entry).default({}) });

export function createWorkStore(path: string, clock: Clock): WorkStore {
  const file = openJsonFile(path, schema);

  const change = (handle: string, apply: (one: z.output<typeof entry>) => void) =>
    file.update((state) => {
      const one = state.work[handle];
      if (one !== undefined) apply(one);
    });

  return {
    async begin({ tool, principal }, args) {
      const handle = `work_${randomBytes(16).toString("base64url")}`;
      await file.update((state) => {
        const now = clock.now();
        const kept = Object.entries(state.work)
          .filter(([, one]) => one.at > now - weekMs)
          .sort(([, a], [, b]) => b.at - a.at)
          .slice(0, maxKept - 1);
        state.work = Object.fromEntries(kept);
        state.work[handle] = { tool, principal, at: now, args: { ...args }, done: {} };
      });
      return { handle, args, done: {}, inFlight: undefined };
    },
    open(handle, { tool, principal }) {
      const all = file.read().work;
      const one = Object.hasOwn(all, handle) ? all[handle] : undefined;
      if (
        one === undefined ||
        one.tool !== tool ||
        one.principal !== principal ||
        one.at <= clock.now() - weekMs
      ) {
        throw new ToolError(
          "CURSOR_EXPIRED",
          "This resume handle is unknown here, older than a week, or of another tool or caller.",
          {
            hint: "Call without resume; what exists already is found and taken.",
            details: { reason: "not_recognised" },
          },
        );
      }
      return { handle, args: one.args, done: one.done, inFlight: one.in_flight };
    },
    started: (handle, step) =>
      change(handle, (one) => {
        one.in_flight = step;
      }),
    finished: (handle, step, made) =>
      change(handle, (one) => {
        one.done[step] = made ?? null;
        delete one.in_flight;
      }),
    undone: (handle) =>
      change(handle, (one) => {
        delete one.in_flight;
      }),
    settle: (handle, args) =>
      change(handle, (one) => {
        one.args = { ...args };
      }),
  };
}
