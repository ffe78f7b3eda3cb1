import { ToolError } from "@mcp-data/core";
import { z } from "zod";
import type { Clock } from "../clock/clock.ts";
import { openJsonFile } from "../state/json-file.ts";

export type RunKind = "question" | "flow";

/** The platform's 20 runs an hour, counted across processes and restarts. */
export interface RunLedger {
  /** Takes a slot or throws RATE_LIMITED with the minute one frees. */
  reserve(kind: RunKind): Promise<Slot>;
  /** The platform said 429 although we counted a free slot: others use the same quota. */
  refused(kind: RunKind, retryAfterMs?: number): Promise<void>;
  use(kind: RunKind): LedgerUse;
}

export interface Slot {
  /** Gives the slot back; only after a reply that proves that no run began. */
  giveBack(): Promise<void>;
}

export interface LedgerUse {
  readonly used: number;
  readonly limit: number;
  /** ISO time at which a run may begin; absent when one may now. */
  readonly frees_at?: string;
}

export interface RunLedgerOptions {
  readonly file: string;
  readonly clock: Clock;
  /** Slots of the 20 left to people who use the console. */
  readonly reserved: number;
}

const hourMs = 3_600_000;
const platformLimit = 20;

const lane = z.object({ taken: z.array(z.number()).default([]), blocked_until: z.number().default(0) });
type Lane = z.output<typeof lane>;
const schema = z.object({
  question: lane.default({ taken: [], blocked_until: 0 }),
  flow: lane.default({ taken: [], blocked_until: 0 }),
});

export function createRunLedger({ file: path, clock, reserved }: RunLedgerOptions): RunLedger {
  const file = openJsonFile(path, schema);
  const limit = platformLimit - reserved;

  function freesAt({ taken, blocked_until }: Lane): number {
    const now = clock.now();
    const recent = taken.filter((at) => at > now - hourMs).sort((a, b) => a - b);
    const full = recent.length < limit ? 0 : Math.min(...recent.slice(-limit)) + hourMs;
    return Math.max(full, blocked_until);
  }

  return {
    async reserve(kind) {
      const at = await file.update((state) => {
        const now = clock.now();
        const until = freesAt(state[kind]);
        if (until > now) throw exhausted(kind, until, now);
        state[kind].taken = [...state[kind].taken.filter((one) => one > now - hourMs), now];
        return now;
      });
      return {
        giveBack: () =>
          file.update((state) => {
            const index = state[kind].taken.indexOf(at);
            if (index >= 0) state[kind].taken.splice(index, 1);
          }),
      };
    },
    refused: (kind, retryAfterMs) =>
      file.update((state) => {
        const now = clock.now();
        const first = Math.min(now, ...state[kind].taken.filter((at) => at > now - hourMs));
        state[kind].blocked_until = retryAfterMs === undefined ? first + hourMs : now + retryAfterMs;
      }),
    use(kind) {
      const state = file.read()[kind];
      const now = clock.now();
      const until = freesAt(state);
      return {
        used: state.taken.filter((at) => at > now - hourMs).length,
        limit,
        ...(until > now ? { frees_at: new Date(until).toISOString() } : {}),
      };
    },
  };
}

function exhausted(kind: RunKind, until: number, now: number): ToolError {
  const at = new Date(until).toISOString();
  return new ToolError(
    "RATE_LIMITED",
    `No ${kind} run may begin before ${at}: the platform allows ${platformLimit} an hour.`,
    {
      hint: "Reuse a recent run of the same question, or call again then.",
      retryAfterMs: until - now,
      details: { reason: "RUN_BUDGET", frees_at: at },
    },
  );
}
