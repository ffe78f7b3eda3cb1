import { abortError } from "../errors/abort-error.ts";
import { statementError, timeoutError } from "../errors/statement-error.ts";
import { createGroup, type Group, type GroupEnd } from "../protocol/group.ts";
import type { Step } from "../protocol/step.ts";
import { requestCancel } from "./cancel.ts";
import type { Debt } from "./debt.ts";
import type { Driver, WireClient } from "./driver.ts";
import type { Meter } from "./meter.ts";

export interface Guard {
  readonly signal: AbortSignal;
  /** The limit as the caller knows it. */
  readonly timeoutMs: number;
  /** What is left of it; all of it when absent. */
  readonly leftMs?: number;
  /** The caller's text, when a step carries it. */
  readonly callerText?: string;
  /** Bytes the server may send; unlimited when absent. */
  readonly maxBytes?: number;
  /** No transaction is open after these steps. */
  readonly closes?: true;
}

/** One connection, held by one call. */
export interface Lease {
  /** The server is reached through a pooler that shares server connections. */
  readonly pooled: boolean;
  /** The session's defaults are the connection's own. */
  readonly prepared: boolean;
  readonly meter: Meter;
  /** Runs the steps in one round trip. "stopped": a listener or the byte limit ended it early. Throws ToolErrors. */
  run(steps: readonly Step[], guard: Guard): Promise<"done" | "stopped">;
  /** The parameter types of the next ParameterDescription. */
  onceParameters(listener: (types: readonly number[]) => void): void;
  /** Gives the connection back owing its scrub, or ends it when anything went wrong. Returns at once. */
  release(): void;
}

export interface LeaseParts {
  readonly driver: Driver;
  readonly client: WireClient;
  readonly meter: Meter;
  readonly pooled: boolean;
  readonly prepared: boolean;
  readonly debt: Debt;
  /** Gives the place in the pool to the next caller. */
  readonly freeSlot: () => void;
}

// The server's own timeout comes first; this is for a server that no longer answers at all.
const graceMs = 500;
const cancelWaitMs = 2_000;
const abandonedBytes = 67_108_864;

export function createLease(parts: LeaseParts): Lease {
  const { driver, client, meter } = parts;
  let broken = false;
  let inTransaction = false;
  let running: Group | undefined;

  // While the connection is checked out its errors arrive through the group as well.
  const ignore = () => undefined;
  client.on("error", ignore);

  const end = () => {
    client.release(true);
    parts.freeSlot();
  };

  const destroy = () => {
    end();
    client.connection.stream.destroy();
  };

  // The connection stays open until the server took the request: a pooler forwards it by that.
  const abandon = async (group: Group) => {
    meter.arm(abandonedBytes, () => client.connection.stream.destroy());
    await Promise.race([
      Promise.all([requestCancel(driver, client, cancelWaitMs), group.quiet]),
      pause(cancelWaitMs),
    ]);
    destroy();
  };

  const giveBack = () => {
    client.off("error", ignore);
    client.release();
    // Behind a pooler the next statement may meet another server connection; the rollback was all there was to do.
    if (!parts.pooled) parts.debt.owe();
    parts.freeSlot();
  };

  return {
    pooled: parts.pooled,
    prepared: parts.prepared,
    meter,
    async run(steps, guard) {
      const started = performance.now();
      const scrub = parts.debt.take();
      const group = createGroup(scrub === undefined ? steps : [scrub, ...steps]);
      running = group;
      const outcome = await guarded(group, guard);
      meter.disarm();
      if (group.isQuiet()) running = undefined;
      inTransaction = guard.closes !== true;
      if (outcome.kind === "done") return "done";
      broken = true;
      if (outcome.kind === "stopped") {
        // A server blocked in sending hears no cancel; the closed socket stops it.
        running = undefined;
        client.connection.stream.destroy();
        return "stopped";
      }
      throw statementError(outcome.error, {
        signal: guard.signal,
        timeoutMs: guard.timeoutMs,
        elapsedMs: performance.now() - started,
        ...(outcome.step?.callerTextAt === undefined || guard.callerText === undefined
          ? {}
          : { caller: { text: guard.callerText, at: outcome.step.callerTextAt } }),
      });
    },
    onceParameters(listener) {
      client.connection.once("parameterDescription", (message: { dataTypeIDs: number[] }) =>
        listener(message.dataTypeIDs),
      );
    },
    release() {
      if (running !== undefined) void abandon(running);
      else if (broken || inTransaction) end();
      else giveBack();
    },
  };

  function guarded(group: Group, guard: Guard): Promise<GroupEnd> {
    return new Promise((resolve) => {
      const fail = (error: unknown) => finish({ kind: "failed", error, step: undefined });
      const onAbort = () => fail(abortError(guard.signal));
      const timer = setTimeout(
        () => fail(timeoutError(guard.timeoutMs)),
        (guard.leftMs ?? guard.timeoutMs) + graceMs,
      );
      const finish = (end: GroupEnd) => {
        clearTimeout(timer);
        guard.signal.removeEventListener("abort", onAbort);
        resolve(end);
      };
      if (guard.signal.aborted) {
        running = undefined;
        onAbort();
        return;
      }
      guard.signal.addEventListener("abort", onAbort, { once: true });
      if (guard.maxBytes !== undefined) meter.arm(guard.maxBytes, () => group.stop());
      client.query(group);
      void group.ended.then(finish);
    });
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
