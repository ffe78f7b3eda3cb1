import { randomUUID } from "node:crypto";
import { createClock, type HybridClock, readMeta, writeMeta } from "../store/clock.ts";
import type { Database } from "../store/database.ts";
import { applyOperation } from "./apply.ts";
import type { Operation } from "./operations.ts";

type Kind = Operation["kind"];
/** An operation before it has its stamp. */
export type Draft = {
  [K in Kind]: Omit<Extract<Operation, { kind: K }>, "id" | "hlc"> & { id?: string };
}[Kind];

export interface Journal {
  readonly instance: string;
  readonly clock: HybridClock;
  /** Applies them together and remembers them for the team. */
  commit(drafts: readonly Draft[]): void;
  onCommit(listener: (operations: readonly Operation[]) => void): void;
}

/** The one way anything shared is written. */
export function createJournal(db: Database, now: () => number = Date.now): Journal {
  let instance = readMeta(db, "instance");
  if (instance === undefined) {
    instance = randomUUID().slice(0, 8);
    writeMeta(db, "instance", instance);
  }
  // Another process on the same file stamps too: no stamp may ever be given twice.
  const clock = createClock(`${instance}-${randomUUID().slice(0, 4)}`, now, readMeta(db, "clock") ?? "");
  const listeners: ((operations: readonly Operation[]) => void)[] = [];
  return {
    instance,
    clock,
    commit(drafts) {
      if (drafts.length === 0) return;
      const operations = drafts.map((draft) => {
        const hlc = clock.next();
        return { ...draft, id: draft.id ?? hlc, hlc } as Operation;
      });
      db.transaction(() => {
        for (const op of operations) {
          applyOperation(db, op, null);
          db.run("INSERT INTO outbox (hlc, body) VALUES (?, ?)", op.hlc, JSON.stringify(op));
        }
        const last = operations.at(-1);
        if (last !== undefined) writeMeta(db, "clock", last.hlc);
      });
      for (const listener of listeners) listener(operations);
    },
    onCommit: (listener) => void listeners.push(listener),
  };
}
