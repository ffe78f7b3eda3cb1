import { randomBytes } from "node:crypto";
import { digest, ToolError } from "@mcp-data/core";
import { z } from "zod";
import type { Clock } from "../clock/clock.ts";
import { createPresence, holder } from "./holder.ts";
import { openJsonFile } from "./json-file.ts";

/** A workflow that may go on in a later call or another process. */
export interface SavedWork {
  readonly handle: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** What each finished step made. */
  readonly done: Readonly<Record<string, unknown>>;
  /** The step that had begun when the process ended; its end is unknown. */
  readonly inFlight: string | undefined;
  /** What one of its steps took away, or meant to. */
  readonly removes: string | undefined;
}

export interface WorkStore {
  /** Goes on with the same work when a call of it never got its answer. */
  begin(owner: WorkOwner, args: Readonly<Record<string, unknown>>): Promise<SavedWork>;
  /** CURSOR_EXPIRED for a handle that is forged, foreign, of another tool, or older than a week. */
  open(handle: string, owner: WorkOwner): SavedWork;
  /** Work of the same caller and arguments that began to write and whose caller was never answered. */
  unanswered(owner: WorkOwner, args: Readonly<Record<string, unknown>>): SavedWork | undefined;
  /** Takes the step, unless it is done. CONFLICT while another call is at it. */
  started(handle: string, step: StepStart): Promise<Begun>;
  finished(handle: string, step: string, made: unknown): Promise<void>;
  /** The step surely did nothing. */
  undone(handle: string): Promise<void>;
  /** The step ended and nobody knows how. */
  leftOpen(handle: string): Promise<void>;
  /** Its caller knows how it stands. */
  answered(handle: string): Promise<void>;
  settle(handle: string, args: Readonly<Record<string, unknown>>): Promise<void>;
}

export interface StepStart {
  readonly key: string;
  /** What it takes away. */
  readonly removes?: string | undefined;
}

export type Begun =
  | { readonly state: "mine" }
  /** An earlier attempt was begun, with an unknown end. */
  | { readonly state: "retaken" }
  | { readonly state: "done"; readonly made: unknown };

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
  by: holder.optional(),
  removes: z.string().optional(),
  answered: z.boolean().default(true),
});
type Entry = z.output<typeof entry>;
const schema = z.object({ work: z.record(z.string(), entry).default({}) });

export function createWorkStore(path: string, clock: Clock): WorkStore {
  const file = openJsonFile(path, schema);
  const presence = createPresence();

  const change = (handle: string, apply: (one: Entry) => void) =>
    file.update((state) => {
      const one = state.work[handle];
      if (one !== undefined) apply(one);
    });

  function sameUnanswered(
    work: Readonly<Record<string, Entry>>,
    { tool, principal }: WorkOwner,
    args: Readonly<Record<string, unknown>>,
  ): SavedWork | undefined {
    const wanted = digest(args);
    const found = Object.entries(work).find(
      ([, one]) =>
        !one.answered &&
        one.tool === tool &&
        one.principal === principal &&
        one.at > clock.now() - weekMs &&
        digest(one.args) === wanted,
    );
    return found === undefined ? undefined : savedFrom(...found);
  }

  return {
    begin(owner, args) {
      return file.update((state) => {
        const known = sameUnanswered(state.work, owner, args);
        if (known !== undefined) return known;
        const now = clock.now();
        const handle = `work_${randomBytes(16).toString("base64url")}`;
        const kept = Object.entries(state.work)
          .filter(([, one]) => one.at > now - weekMs)
          .sort(([, a], [, b]) => b.at - a.at)
          .slice(0, maxKept - 1);
        const made: Entry = { ...owner, at: now, args: { ...args }, done: {}, answered: false };
        state.work = Object.fromEntries([...kept, [handle, made]]);
        return savedFrom(handle, made);
      });
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
      return savedFrom(handle, one);
    },
    unanswered: (owner, args) => sameUnanswered(file.read().work, owner, args),
    started: (handle, { key, removes }) =>
      file.update((state): Begun => {
        const one = state.work[handle];
        if (one === undefined) throw forgotten();
        if (Object.hasOwn(one.done, key)) return { state: "done", made: one.done[key] };
        if (one.in_flight !== undefined && one.by !== undefined && presence.isAtWork(handle, one.by))
          throw underWay(one.in_flight);
        const retaken = one.in_flight === key;
        one.in_flight = key;
        one.answered = false;
        one.by = presence.hold(handle);
        if (removes !== undefined) one.removes = removes;
        return { state: retaken ? "retaken" : "mine" };
      }),
    async finished(handle, step, made) {
      await change(handle, (one) => {
        one.done[step] = made ?? null;
        delete one.in_flight;
        delete one.by;
      });
      presence.letGo(handle);
    },
    async undone(handle) {
      await change(handle, (one) => {
        delete one.in_flight;
        delete one.by;
      });
      presence.letGo(handle);
    },
    async leftOpen(handle) {
      await change(handle, (one) => {
        delete one.by;
      });
      presence.letGo(handle);
    },
    answered: (handle) =>
      change(handle, (one) => {
        one.answered = true;
      }),
    settle: (handle, args) =>
      change(handle, (one) => {
        one.args = { ...args };
      }),
  };
}

const savedFrom = (handle: string, one: Entry): SavedWork => ({
  handle,
  args: one.args,
  done: one.done,
  inFlight: one.in_flight,
  removes: one.removes,
});

function underWay(step: string): ToolError {
  return new ToolError("CONFLICT", "The same work is under way in another call; nothing was done twice.", {
    hint: "Wait for that call to end, then call again: what it made is taken.",
    retryAfterMs: 10_000,
    details: { reason: "UNDER_WAY", step: step.slice(0, 90) },
  });
}

function forgotten(): ToolError {
  return new ToolError("CURSOR_EXPIRED", "Too much newer work was begun here; this one is no longer kept.", {
    hint: "Call without resume; what exists already is found and taken.",
    details: { reason: "not_recognised" },
  });
}
