import type { Principal } from "../auth/principal.ts";
import { ToolError } from "../error/tool-error.ts";
import { createSlots, type SlotLimits } from "./concurrency.ts";
import type { Charge, Counter, Refusal, Subject, WindowUse } from "./counter.ts";
import type { AdmissionGate } from "./gate.ts";
import { createCounter, memoryLimiter } from "./rate-limiter.ts";
import type { WindowLimits } from "./windows.ts";

export interface AdmissionOptions {
  /** Per principal; absent windows are not limited. */
  readonly principal?: WindowLimits;
  /** Per source, over all principals. */
  readonly source?: WindowLimits;
  readonly slots?: SlotLimits;
  /** This process's memory when absent. */
  readonly counter?: Counter;
  readonly now?: () => number;
}

/** What a caller has used and has left. */
export interface Quota {
  readonly windows: readonly WindowUse[];
  readonly running: number;
  readonly max_running?: number;
}

export interface RateGate extends AdmissionGate {
  quota(principal: Principal): Promise<Quota>;
}

/** Windows first, then a slot: a call that cannot get all of it keeps none of it. */
export function createAdmissionGate(options: AdmissionOptions): RateGate {
  const now = options.now ?? Date.now;
  const counter = options.counter ?? createCounter(memoryLimiter, now);
  const slots = createSlots(options.slots ?? {}, now);
  const principalSubject = (principal: Principal): Subject => ({
    kind: "principal",
    id: principal.id,
    limits: options.principal ?? {},
  });

  return {
    async admit(principal, source, signal) {
      const charges: Charge[] = [];
      const refund = async () => void (await Promise.all(charges.map((charge) => charge.refund())));
      try {
        charges.push(granted("principal", await counter.charge(principalSubject(principal))));
        if (source !== undefined) {
          const subject: Subject = { kind: "source", id: source, limits: options.source ?? {} };
          charges.push(granted("source", await counter.charge(subject)));
        }
        const free = await slots.acquire(principal.id, source, signal);
        return {
          async release(end) {
            free();
            if (end.refund) await refund();
          },
        };
      } catch (error) {
        await refund();
        throw error;
      }
    },

    async quota(principal) {
      const perPrincipal = options.slots?.perPrincipal;
      return {
        windows: await counter.read(principalSubject(principal)),
        running: slots.running(principal.id),
        ...(perPrincipal === undefined ? {} : { max_running: perPrincipal }),
      };
    },
  };
}

function granted(subject: Subject["kind"], outcome: Charge | Refusal): Charge {
  if ("refund" in outcome) return outcome;
  const { window, limit, retryAfterMs } = outcome;
  const whose = subject === "principal" ? "this caller" : "this source";
  throw new ToolError("RATE_LIMITED", `The ${limit} calls per ${window} of ${whose} are used up.`, {
    hint: `Wait ${Math.ceil(retryAfterMs / 1_000)} s, or ask for more per call.`,
    retryAfterMs,
    details: { reason: `${subject}_${window}`, window, limit },
  });
}
