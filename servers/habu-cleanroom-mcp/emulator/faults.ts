import { isRead, operationIds } from "../src/contract/operations.ts";
import { createRandom } from "./random.ts";

export const faultKinds = [
  "latency",
  "429",
  "500",
  "503",
  /** Dropped before anything happened. */
  "reset",
  /** Applied, then dropped. */
  "reset_after",
  /** Applied, then HTTP 500. */
  "500_after",
  /** Applied, answered with half the JSON. */
  "malformed",
  /** HTTP 200 with success:false, not applied. */
  "unsuccessful",
  /** Nothing happens and no answer comes, as if the caller died before. */
  "silence",
  /** Applied, and no answer comes. */
  "silence_after",
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface FaultPlan {
  /** Share of requests hit at random, 0 to 1. */
  readonly rate?: number;
  readonly kinds?: readonly FaultKind[];
  readonly seed?: number;
  /** Milliseconds added to every request, and by `latency`. */
  readonly latencyMs?: number;
  /** Hits the next requests of an operation, in order; `*` fits any, `write` any that changes something. */
  readonly next?: readonly {
    readonly operation: string;
    readonly kind: FaultKind;
    readonly times?: number;
    /** Requests let through before. */
    readonly skip?: number;
  }[];
}

export interface Faults {
  set(plan: FaultPlan): void;
  /** What happens to this request. */
  draw(operation: string): FaultKind | undefined;
  readonly latencyMs: number;
}

export function createFaults(): Faults {
  let plan: FaultPlan = {};
  let random = createRandom(1);
  let scripted: { operation: string; kind: FaultKind; left: number; skip: number }[] = [];
  return {
    set(given) {
      plan = given;
      random = createRandom(given.seed ?? 1);
      scripted = (given.next ?? []).map(({ operation, kind, times = 1, skip = 0 }) => ({
        operation,
        kind,
        left: times,
        skip,
      }));
    },
    draw(operation) {
      const planned = scripted.find((one) => one.left > 0 && fits(one.operation, operation));
      if (planned !== undefined && planned.skip > 0) planned.skip -= 1;
      else if (planned !== undefined) {
        planned.left -= 1;
        return planned.kind;
      }
      const kinds = plan.kinds ?? [];
      if (kinds.length === 0 || random() >= (plan.rate ?? 0)) return undefined;
      return kinds[Math.floor(random() * kinds.length)];
    },
    get latencyMs() {
      return plan.latencyMs ?? 0;
    },
  };
}

const writes: ReadonlySet<string> = new Set(operationIds.filter((id) => !isRead(id)));

function fits(wanted: string, operation: string): boolean {
  return wanted === "*" || wanted === operation || (wanted === "write" && writes.has(operation));
}
